from __future__ import annotations

from collections.abc import Callable

import pytest

from sms2fa.errors import InvalidInput
from sms2fa.lessons import predict, recall


@pytest.mark.parametrize("ask", [predict, recall])
def test_an_unknown_id_names_those_that_exist(ask: Callable[[str], object]) -> None:
    with pytest.raises(InvalidInput, match="expected one of "):
        ask("nothing")


def test_a_question_is_new_each_time() -> None:
    predict("random-seed").buttons[0].click()
    assert predict("random-seed").value == ""


def test_a_question_from_an_earlier_notebook_names_it() -> None:
    assert "Recall, from 01 Generate a PIN" in recall("sms-text").static_html()
