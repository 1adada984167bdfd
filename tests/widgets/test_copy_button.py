from __future__ import annotations

from sms2fa.widgets.copy_button import CopyButton, marked


def test_it_is_a_button_for_mouse_and_keyboard_with_its_name() -> None:
    button = CopyButton("Copy PIN", "PIN")
    assert '<button type="button"' in button.value
    assert button.value.endswith(">Copy PIN</button>")


def test_without_a_clipboard_the_word_is_selected_and_one_is_told() -> None:
    script = CopyButton("Copy PIN", "PIN").value
    assert "!navigator.clipboard" in script
    assert "selectAllChildren" in script
    assert "The PIN is selected now: press Ctrl+C" in script


def test_what_became_of_it_is_announced() -> None:
    assert "'role','status'" in CopyButton("Copy PIN", "PIN").said.value


def test_what_is_not_there_is_not_marked() -> None:
    assert marked("PIN", "") == ""
    assert marked("PIN", "042917") == '<b data-copied="PIN">042917</b>'
