"""The questions of the course by id: what comes next (predict), and what was said before (recall)."""

from sms2fa.lessons.questions import pin, sms, start, verify
from sms2fa.widgets.question import Prompt

__all__ = ["PREDICT", "RECALL"]

PREDICT: dict[str, Prompt] = {**pin.PREDICT, **sms.PREDICT, **verify.PREDICT}
RECALL: dict[str, Prompt] = {**start.RECALL, **pin.RECALL, **sms.RECALL, **verify.RECALL}
