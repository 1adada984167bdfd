"""What the notebooks import: the set-up of a lesson."""

from sms2fa.lessons.classroom import COURSE_NUMBER, Classroom, open_classroom

__all__ = ["COURSE_NUMBER", "Classroom", "open_classroom"]
