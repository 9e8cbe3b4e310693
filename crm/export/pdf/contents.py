"""What goes on paper, as plain values. They are defined one floor below, where the services fill them."""

from crm.services.report_contents import (
    Chart,
    ChartPoint,
    EventLine,
    Feedback,
    Headline,
    MonthReport,
    Quote,
    RegisterRow,
    RegisterSheet,
    Thanks,
)

__all__ = [
    "Chart",
    "ChartPoint",
    "EventLine",
    "Feedback",
    "Headline",
    "MonthReport",
    "Quote",
    "RegisterRow",
    "RegisterSheet",
    "Thanks",
]
