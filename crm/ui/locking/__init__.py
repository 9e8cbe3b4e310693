"""Passphrases in the window: setting one, the recovery code, unlocking, and locking when nobody is there."""
