"""The demo community: invented people and two years of their life, the same for the same seed and day."""

from crm.services.demo.filling import DemoCounts, StoreNotEmpty, fill_demo

__all__ = ["DemoCounts", "StoreNotEmpty", "fill_demo"]
