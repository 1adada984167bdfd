from __future__ import annotations

import pytest

from sms2fa.widgets.failure import Failure


def failure(message: str, *secrets: str) -> Failure:
    try:
        raise RuntimeError(message)
    except RuntimeError as error:
        return Failure.of(error, secrets)


def test_it_names_the_class_the_message_and_the_place() -> None:
    found = failure("the fuse is gone")
    assert str(found).splitlines()[-1] == "RuntimeError: the fuse is gone"
    assert found.lines[-1].startswith("test_failure.py, line ")
    assert "raise RuntimeError(message)" in found.lines[-1]


@pytest.mark.parametrize(
    "secret",
    [
        "042917",
        "042 917",
        "０４２９１７",
        "+818012345678",
        "080-1234-5678",
        "+1 (202) 555-0123",
        "+33 6.12.34.56.78",
        "042/917",
        "aB3dE6gH9jK2mN5pQ8sT",
    ],
)
def test_a_pin_a_number_or_a_credential_is_hidden(secret: str) -> None:
    found = failure(f"no {secret} here")
    assert secret not in str(found)
    assert found.message == "no \u2022\u2022\u2022\u2022 here"


def test_what_was_typed_into_a_password_field_is_hidden() -> None:
    assert "horse" not in str(failure("KeyError: 'correct horse'", "correct horse", ""))


def test_ordinary_words_and_small_numbers_stay() -> None:
    text = "expected_a_very_long_name_of_a_field, got 3 of 12, not KeyError"
    assert failure(text).message == text


def test_no_folder_of_this_machine_is_shown() -> None:
    assert "/" not in "".join(line.partition(":")[0] for line in failure("x").lines)


def test_a_long_way_is_cut_to_its_end() -> None:
    def deeper(left: int) -> None:
        if left == 0:
            raise KeyError("deep")
        deeper(left - 1)

    with pytest.raises(KeyError) as caught:
        deeper(40)
    assert len(Failure.of(caught.value).lines) == 6


def test_the_fold_is_escaped() -> None:
    html = failure("<script>alert(1)</script>").html
    assert "<details" in html
    assert "<summary" in html
    assert "<script" not in html
