"""What the notebooks import: the set-up of a lesson, its exercises and questions, and the map of the course."""

from sms2fa.lessons.classroom import COURSE_NUMBER, Classroom, open_classroom
from sms2fa.lessons.course_map import course_map
from sms2fa.lessons.exercises import EXERCISES
from sms2fa.lessons.quiz import predict, recall
from sms2fa.lessons.tutor import exercise, reset_progress

__all__ = [
    "COURSE_NUMBER",
    "EXERCISES",
    "Classroom",
    "course_map",
    "exercise",
    "open_classroom",
    "predict",
    "recall",
    "reset_progress",
]
