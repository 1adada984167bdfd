from __future__ import annotations

import re

import pytest

from sms2fa import ManualClock
from sms2fa.lessons.classroom import COURSE_NUMBER, Classroom
from sms2fa.widgets import Board

PASSWORD = "correct horse"


@pytest.fixture
def board(classroom: Classroom) -> Board:
    return classroom.board()


def register(board: Board, account: str = "alice", number: str = "080-1234-5678", password: str = PASSWORD) -> None:
    form = board.form
    form.account.value, form.password.value, form.number.value = account, password, number
    form.register.click()


def log_in(board: Board) -> str:
    """Log in and read the PIN from the phone as it is drawn."""
    board.form.log_in.click()
    found = re.search(r"PIN is (\d{6})", re.sub("<[^>]+>", "", board.phone.screen.value))
    assert found, board.form.model.notice
    return found[1]


def check(board: Board, pin: str) -> None:
    board.form.pin.value = pin
    board.form.check.click()


def another(pin: str) -> str:
    return f"{(int(pin) + 1) % 1_000_000:06d}"


def test_the_pin_on_the_phone_lets_in(board: Board) -> None:
    register(board)
    assert board.value == "waiting for password"
    pin = log_in(board)
    assert board.value == "PIN sent"
    check(board, pin)
    assert board.value == "verified"
    assert "You are logged in as alice" in board.form.notice.value


def test_another_pin_does_not(board: Board) -> None:
    register(board)
    check(board, another(log_in(board)))
    assert board.value == "refused"
    assert "You are not logged in" in board.form.notice.value


def test_after_a_wrong_pin_the_right_one_still_lets_in(board: Board) -> None:
    register(board)
    pin = log_in(board)
    check(board, another(pin))
    check(board, pin)
    assert board.value == "verified"


@pytest.mark.parametrize("typed", ["{} {}", "{}-{}", " {}{} "])
def test_a_pin_is_taken_as_people_type_it(board: Board, typed: str) -> None:
    register(board)
    pin = log_in(board)
    check(board, typed.format(pin[:3], pin[3:]))
    assert board.value == "verified"


def test_full_width_digits_are_taken(board: Board) -> None:
    register(board)
    check(board, log_in(board).translate(str.maketrans("0123456789", "０１２３４５６７８９")))
    assert board.value == "verified"


def test_letters_are_no_pin_and_cost_no_try(board: Board) -> None:
    register(board)
    pin = log_in(board)
    for _ in range(6):
        check(board, "12E456")
    assert board.value == "PIN sent"
    assert "Type the digits" in board.form.model.notice
    check(board, pin)
    assert board.value == "verified"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("hello", "expected a phone number"),
        ("03-1234-5678", "landline"),
        ("202-555-0123", "such as 080-1234-5678"),
        ("", "expected a phone number"),
    ],
)
def test_a_bad_number_is_named_and_nothing_typed_is_lost(board: Board, number: str, expected: str) -> None:
    register(board, number=number)
    assert expected in board.form.model.notice.lower() or expected in board.form.model.notice
    assert board.form.number.value == number
    assert board.form.account.value == "alice"
    assert board.value == "waiting for password"


def test_one_number_belongs_to_one_account(board: Board) -> None:
    register(board)
    register(board, account="mallory", number="+81 80 1234 5678")
    assert "belongs to another account" in board.form.model.notice


def test_a_wrong_password_sends_nothing(board: Board, classroom: Classroom) -> None:
    register(board)
    board.form.password.value = "wrong horse"
    board.form.log_in.click()
    assert "do not belong together" in board.form.model.notice
    assert classroom.sandbox.messages == []
    assert board.value == "waiting for password"


def test_a_closed_sandbox_is_said_and_no_pin_works(board: Board, classroom: Classroom) -> None:
    register(board)
    classroom.sandbox.close()
    board.form.log_in.click()
    assert "sandbox is closed" in board.form.model.notice
    assert board.value == "waiting for password"
    assert board.form.pin.disabled


def test_an_expired_pin_is_refused_and_a_new_one_can_be_sent(board: Board, clock: ManualClock) -> None:
    register(board)
    old = log_in(board)
    clock.advance(seconds=61)
    check(board, old)
    assert board.value == "refused"
    board.form.again.click()
    assert board.value == "PIN sent"
    check(board, log_in_pin(board))
    assert board.value == "verified"


def log_in_pin(board: Board) -> str:
    found = re.search(r"PIN is (\d{6})", board.phone.value)
    assert found
    return found[1]


def test_asking_again_too_soon_says_how_long_to_wait(board: Board) -> None:
    register(board)
    log_in(board)
    board.form.again.click()
    assert "Try again in 2 seconds." in board.form.model.notice
    assert board.value == "PIN sent"


def test_logging_out_begins_anew(board: Board) -> None:
    register(board)
    check(board, log_in(board))
    board.form.log_out.click()
    assert board.value == "waiting for password"
    assert board.form.pin.value == ""


def test_the_server_log_has_no_pin_and_no_number(board: Board) -> None:
    register(board)
    pin = log_in(board)
    check(board, another(pin))
    check(board, pin)
    log = "\n".join(board.model.log)
    assert "PIN of 'alice': verified" in log
    assert "wrong PIN, 4 tries left" in log
    assert pin not in log
    assert another(pin) not in log
    assert "1234" not in log


def test_the_present_state_is_marked_in_words(board: Board) -> None:
    assert "waiting for password (now)" in board.steps.value
    register(board)
    log_in(board)
    assert "PIN sent (now)" in board.steps.value


def test_what_was_typed_is_shown_and_never_run(board: Board) -> None:
    register(board, account="<script>alert(1)</script>")
    shown = board.lines.value + board.form.notice.value + board.static_html()
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


def test_the_static_form_tells_the_whole_story_in_order(board: Board) -> None:
    register(board)
    pin = log_in(board)
    html = board.static_html()
    text = board._repr_mimebundle_()["text/plain"]
    for actor in ("Login form", "Server", "Messages"):
        assert actor in html
    assert html.index("Login form") < html.index("Server") < html.index("Messages")
    assert pin in text
    assert "run the cell" in html.lower()
    assert PASSWORD not in html + text
    assert COURSE_NUMBER not in html + text
    for stripped in ("<style", "<svg", "<script", "class="):
        assert stripped not in html


def test_two_boards_do_not_share_a_log(classroom: Classroom) -> None:
    one, two = classroom.board(), classroom.board()
    register(one)
    assert len(one.model.log) == 1
    assert two.model.log == ()


def test_the_phone_is_that_of_whoever_logs_in_next(board: Board) -> None:
    register(board)
    register(board, account="bob", number="+1 202-555-0123")
    board.form.account.value = "alice"
    first = log_in(board)
    board.form.pin.value = "typed by alice"
    board.form.account.value = "bob"
    board.form.log_in.click()
    assert board.phone.model.number == "+12025550123"
    assert board.form.pin.value == ""
    check(board, log_in_pin(board))
    assert board.value == "verified"
    assert first not in board.phone.screen.value


def test_a_board_of_an_earlier_run_says_what_to_do(board: Board, classroom: Classroom) -> None:
    register(board)
    classroom.close()
    board.form.log_in.click()
    assert "run its cell again" in board.form.model.notice


def test_the_table_of_who_knows_what_follows_the_login(board: Board) -> None:
    assert "has nothing to steal yet" in board.knowledge.value
    register(board)
    assert "its hash" in board.knowledge.value
    pin = log_in(board)
    assert "all of it, in the SMS" in board.knowledge.value
    check(board, pin)
    assert "a PIN that was used, and works no more" in board.knowledge.value
    assert ("your browser", "knows of the password: what you type; of the PIN: what you type; is logged in") in (
        board.static_rows()
    )


def test_two_boards_of_one_model_both_follow(board: Board) -> None:
    other = Board(board.model)
    register(board)
    pin = log_in(board)
    assert other.phone.value == board.phone.value
    check(other, pin)
    assert board.value == other.value == "verified"
    assert "verified (now)" in board.steps.value


def test_a_pin_pasted_with_its_blanks_is_taken(board: Board) -> None:
    register(board)
    check(board, f"\u3000{log_in(board)}\t")
    assert board.value == "verified"
