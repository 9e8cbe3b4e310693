"""Speed on the community L (QUALITY §1): `python -m tests.bench`. Not part of the suite: machines are noisy."""
