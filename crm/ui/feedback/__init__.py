"""Feedback: what people say, from the answer to the author being told."""
