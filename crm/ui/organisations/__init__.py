"""Organisations: the list, one of them at the right, joining two that are one."""
