"""Questions by id, for a cell of a notebook: ``predict("random-seed")``, ``recall("pin-actors")``."""

from __future__ import annotations

from sms2fa.errors import InvalidInput
from sms2fa.lessons.questions import PREDICT, RECALL
from sms2fa.widgets.question import Prompt, Question, QuestionModel


def predict(question_id: str) -> Question:
    """A question to think about before the next cell answers it.

    Raises:
        InvalidInput: for an id that no question has.
    """
    return Question(QuestionModel(_find(PREDICT, question_id)), "Predict")


def recall(question_id: str) -> Question:
    """A question to answer from memory.

    Raises:
        InvalidInput: for an id that no question has.
    """
    return Question(QuestionModel(_find(RECALL, question_id)), "Recall")


def _find(prompts: dict[str, Prompt], question_id: str) -> Prompt:
    if question_id not in prompts:
        raise InvalidInput(f"expected one of {', '.join(prompts)}; got {question_id!r}", field="question_id")
    return prompts[question_id]
