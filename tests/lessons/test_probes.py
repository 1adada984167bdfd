from __future__ import annotations

import pytest

from sms2fa.lessons.learner import Raised
from sms2fa.lessons.probes import ANYTHING, Case, Raises, judge_result, matches, shown, takes, try_case, try_cases


@pytest.mark.parametrize(
    ("got", "wanted", "same"),
    [
        ("042917", "042917", True),
        (4217, "4217", False),
        (1, True, False),
        (True, 1, False),
        (0, False, False),
        (None, None, True),
        ("", None, False),
        (0.1 + 0.2, 0.3, True),
        (1, 1.0, True),
        (0.30001, 0.3, False),
        (Raised(KeyError("x"), None), Raises(LookupError), True),
        (Raised(KeyError("x"), None), Raises(ValueError), False),
        (Raised(KeyError("no such id"), None), Raises(KeyError, "such"), True),
        (Raised(KeyError("no such id"), None), Raises(KeyError, "other"), False),
        ("x", Raises(ValueError), False),
        (Raised(KeyError("x"), None), ANYTHING, False),
        ("x", ANYTHING, True),
    ],
)
def test_results_match_where_value_and_kind_do(got: object, wanted: object, same: bool) -> None:
    assert matches(got, wanted) is same


def test_a_known_wrong_result_earns_its_sentence() -> None:
    finding = try_case(lambda x: x, "f", Case((1,), 2, ((5, "Five."), (1, "You forgot to add one."))))
    assert finding is not None
    assert finding.sentence == "You forgot to add one."
    assert finding.rows == (("tried", "f(1)"), ("got", "1"), ("expected", "2"))


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        (3, 2, "`f()` returned 3. Expected 2."),
        ("2", 2, "`f()` returned '2', which is a text (str). Expected a whole number (int): 2."),
        (None, 2, "`f()` returned None. Is there a `return` on every way through your function?"),
        (2, Raises(ValueError), "`f()` returned 2. It should raise ValueError instead."),
        (2, None, "`f()` returned 2. Expected None."),
        (None, Raises(ValueError), "`f()` returned None. It should raise ValueError instead."),
        (False, "no", "`f()` returned False, which is a truth value (bool). Expected a text (str): 'no'."),
        ("x", {}, "`f()` returned 'x', which is a text (str). Expected a value of the type dict: {}."),
        (0, 1e-6, "`f()` returned 0. Expected 0.000001."),
        ([2], 2, "`f()` returned [2], which is a value of the type list. Expected a whole number (int): 2."),
    ],
)
def test_any_other_wrong_result_earns_a_sentence_too(got: object, expected: object, words: str) -> None:
    finding = judge_result("f()", got, expected)
    assert finding is not None
    assert finding.sentence == words


def test_an_exception_is_the_learners_unless_it_was_expected() -> None:
    def broken(x: int) -> int:
        return [][x]

    finding = try_case(broken, "broken", Case((7,), 2))
    assert finding is not None
    assert finding.sentence.startswith("Your function raised IndexError in line ")
    assert dict(finding.rows)["raised"] == "IndexError: list index out of range"
    assert "return [][x]" in dict(finding.rows).values()
    assert try_case(broken, "broken", Case((7,), Raises(LookupError))) is None
    known = Case((7,), 2, ((Raises(IndexError), "Look first."),))
    assert try_case(broken, "broken", known).sentence == "Look first."  # type: ignore[union-attr]


def test_a_function_with_other_parameters_is_told_so() -> None:
    finding = try_case(lambda: 1, "f", Case((7,), 2))
    assert finding is not None
    assert "cannot be called as `f(7)`" in finding.sentence


def test_what_does_not_say_what_it_takes_is_tried() -> None:
    assert takes(max, 1)
    assert takes(lambda a, b=2: a, 1)
    assert not takes(lambda a, b: a, 1)


def test_each_call_gets_arguments_of_its_own() -> None:
    def greedy(items: list[int]) -> int:
        items.append(1)
        return len(items)

    case = Case(([],), 1)
    assert try_cases(greedy, "greedy", [case, case]) is None


def test_a_long_value_is_cut() -> None:
    assert shown("x" * 500).endswith("x\u2026' (500 characters)")
    assert shown([1] * 500).endswith("\u2026")
    assert len(shown("x" * 500)) < 80
    assert shown("x") == "'x'"


def test_a_small_number_is_shown_without_an_exponent() -> None:
    assert [shown(number) for number in (1e-06, 1.5e-05, 0.25, 1e20)] == ["0.000001", "0.000015", "0.25", "1e+20"]


def test_a_value_that_cannot_be_compared_or_shown_is_wrong_and_no_more() -> None:
    class Odd(str):
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            raise RuntimeError

        def __repr__(self) -> str:
            raise RuntimeError

    finding = judge_result("f()", Odd("042917"), "042917")
    assert finding is not None
    assert dict(finding.rows)["got"] == "an object of the type Odd"


def test_the_situation_stands_beside_the_call_and_not_in_its_code() -> None:
    finding = try_case(lambda x: x, "f", Case((1,), 2, when="at noon"))
    assert finding is not None
    assert finding.sentence == "`f(1)` (at noon) returned 1. Expected 2."
    assert dict(finding.rows)["tried"] == "f(1), at noon"
