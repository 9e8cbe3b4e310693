"""Krug: an offline desktop CRM for a community manager."""

__version__ = "0.1.0"
