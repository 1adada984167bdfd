"""The one door of the package, and the tree of its errors, are as they are written down."""

from __future__ import annotations

import importlib
import inspect
import re
from types import ModuleType

import pytest

import sms2fa
from sms2fa import errors

FIXED = [
    *("PhoneNumber", "parse_phone", "mask_phone", "generate_pin", "normalize_pin"),
    *("Message", "compose", "count_segments", "Segments"),
    *("Policy", "NIST_800_63B", "CLASSROOM", "XOXZO_TUTORIAL_2018"),
    *("Verifier", "Challenge", "Verdict", "Outcome", "SqliteStore", "XoxzoGateway"),
    *("SystemClock", "ManualClock", "TwoFactorError"),
]


@pytest.mark.parametrize("name", FIXED)
def test_every_fixed_name_is_public_and_comes_from_the_root(name: str) -> None:
    assert name in sms2fa.__all__
    assert getattr(sms2fa, name) is not None


@pytest.mark.parametrize("name", sms2fa.__all__)
def test_every_public_name_can_be_imported(name: str) -> None:
    assert hasattr(importlib.import_module("sms2fa"), name)


def test_the_list_is_sorted_constants_then_classes_then_functions() -> None:
    def rank(name: str) -> tuple[int, str]:
        return (0 if name.isupper() else 1 if name[0].isupper() else 2), name

    assert sms2fa.__all__ == sorted(set(sms2fa.__all__), key=rank)


def test_the_root_imports_no_name_that_it_does_not_list() -> None:
    imported = {
        name
        for name, value in vars(sms2fa).items()
        if not name.startswith("_") and not isinstance(value, ModuleType) and name != "annotations"
    }
    assert imported == set(sms2fa.__all__)


def test_the_tree_drawn_in_the_docstring_of_the_errors_is_the_real_one() -> None:
    assert _drawn(errors.__doc__ or "") == {
        (kind.__name__, _parent(kind))
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if kind.__module__ == errors.__name__
    }


def test_bad_input_is_drawn_as_the_value_error_that_it_is() -> None:
    assert re.search(r"InvalidInput +\(also a ValueError\)", errors.__doc__ or "")
    assert issubclass(errors.InvalidInput, ValueError)


def _parent(kind: type) -> str | None:
    parents = [base.__name__ for base in kind.__bases__ if base.__module__ == errors.__name__]
    assert len(parents) <= 1
    return parents[0] if parents else None


def _drawn(text: str) -> set[tuple[str, str | None]]:
    """The pairs of class and parent; each level is drawn four characters further in."""
    drawn, path = set(), []
    for line in text.splitlines():
        found = re.match(r"    ((?:[│ ]   )*(?:[├└]── )?)(\w+)", line)
        if found:
            level = len(found[1]) // 4
            path[level:] = [found[2]]
            drawn.add((found[2], path[level - 1] if level else None))
    return drawn
