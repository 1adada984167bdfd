"""An exercise of notebook 02: what an answer of Xoxzo's client means for whoever sent the message."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.probes import Case, Raises, try_cases

NOTEBOOK = "02_send_the_sms"


@dataclass(frozen=True)
class Answer:
    """The three attributes of what `XoxzoClient` returns, without its network."""

    errors: int | None = None
    messages: list[dict[str, Any]] = field(default_factory=list)
    message: dict[str, Any] | None = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<errors={self.errors}, messages={self.messages}>"


_NEVER_RAISES = "The client does not raise an error, and its answer is there in any case. Look at `result.errors`."
_NOT_XOXZOS = (
    "499 does not come from Xoxzo. The client writes it where no answer came, so the SMS may have gone out. "
    "Whoever takes it for a refusal and sends again may send twice."
)
_THEIR_FAULT = "From 500 on the server failed, perhaps after it had sent the SMS. Nobody knows, so say unknown."
_NO_MSGID = "`errors` is None, but there is no msgid: a redirect can look like this. Only a msgid means accepted."
_ONLY_401 = "Credentials are not all that can be refused. Every status from 400 to 498 says: nothing was sent."
_NONE_COMPARED = (
    "`result.errors` is None where the message was accepted, and Python cannot compare None with a number. Look first "
    "whether it is None."
)
_WITH_NONE = ("'NoneType' and 'int'", "'int' and 'NoneType'")  # what Python says then
_EXAMPLES = "400, 401, 403 and 404 are examples. Every status from 400 to 498 is refused, such as 402, 429 and 498."
_REDIRECT = "302 is no refusal: nothing says that the SMS was not sent. Below 400 it is unknown."

_HEAD = "def became(result):\n"

SMS_4 = Exercise(
    id="sms-4",
    notebook=NOTEBOOK,
    level=Level.CORE,
    title="What became of the message",
    answer="became",
    statement="""`XoxzoClient.send_sms` returns a result and never raises. Say what became of the message, in one of \
three words.

- `"accepted"`: `result.errors` is None and `result.messages[0]` holds a `"msgid"`.
- `"refused"`: `result.errors` is a status from 400 to 498, such as 400, 401, 403 or 404. Nothing was sent.
- `"unknown"`: all the rest. 499 means that no answer came, 500 and more that the server failed. \
`result.messages` may be empty, too.""",
    stub='''def became(result):
    """One of "accepted", "refused" or "unknown"."""
    return ...  # your code here, on as many lines as you like
''',
    hints=(
        "Begin with the refusals: `if result.errors is not None and 400 <= result.errors <= 498:`.",
        'For accepted, three things have to hold: no errors, a first message, and a "msgid" in it. '
        "An empty list is false in an `if`.",
        "Everything that is neither is unknown, so that can be the last line, without an `if`.",
    ),
    solution='''def became(result):
    """One of "accepted", "refused" or "unknown"."""
    if result.errors is None:
        if result.messages and "msgid" in result.messages[0]:
            return "accepted"
    elif 400 <= result.errors <= 498:
        return "refused"
    return "unknown"
''',
    mistakes=(
        Mistake(
            "asks whether there is a result", f'{_HEAD}    return "accepted" if result else "refused"\n', _NEVER_RAISES
        ),
        Mistake(
            "knows 401 alone",
            f'{_HEAD}    if result.errors == 401:\n        return "refused"\n'
            '    return "accepted" if result.errors is None and result.messages else "unknown"\n',
            _ONLY_401,
        ),
        Mistake(
            "compares None",
            f'{_HEAD}    if 400 <= result.errors <= 498:\n        return "refused"\n'
            '    return "accepted" if result.messages and "msgid" in result.messages[0] else "unknown"\n',
            _NONE_COMPARED,
        ),
        Mistake(
            "knows the examples alone",
            f'{_HEAD}    if result.errors in (400, 401, 403, 404):\n        return "refused"\n'
            '    msgid = result.messages and "msgid" in result.messages[0]\n'
            '    return "accepted" if result.errors is None and msgid else "unknown"\n',
            _EXAMPLES,
        ),
        Mistake(
            "has no lower end",
            f"{_HEAD}    if result.errors is not None:\n"
            '        return "refused" if result.errors < 499 else "unknown"\n'
            '    return "accepted" if result.messages and "msgid" in result.messages[0] else "unknown"\n',
            _REDIRECT,
        ),
        Mistake(
            "takes every error for a refusal",
            f'{_HEAD}    return "accepted" if result.errors is None else "refused"\n',
            _NOT_XOXZOS,
        ),
        Mistake(
            "takes a failed server for a refusal",
            f'{_HEAD}    if result.errors == 499:\n        return "unknown"\n'
            '    return "accepted" if result.errors is None else "refused"\n',
            _THEIR_FAULT,
        ),
        Mistake(
            "does not look for a msgid",
            f'{_HEAD}    if result.errors is None:\n        return "accepted"\n'
            '    return "refused" if 400 <= result.errors <= 498 else "unknown"\n',
            _NO_MSGID,
        ),
        Mistake(
            "takes the first message for granted",
            f"{_HEAD}    if result.errors is None:\n"
            '        return "accepted" if result.messages[0]["msgid"] else "unknown"\n'
            '    return "refused" if 400 <= result.errors <= 498 else "unknown"\n',
            _NO_MSGID,
        ),
    ),
    why=(
        "Refused: mend it and send again. Unknown: do not send again at once. A program that never looks "
        "treats all three alike."
    ),
    judge=lambda answer: try_cases(
        answer,
        "became",
        (
            Case(
                (Answer(messages=[{"msgid": "kq3JrX"}]),),
                "accepted",
                tuple((Raises(TypeError, words), _NONE_COMPARED) for words in _WITH_NONE),
            ),
            Case((Answer(401, message={"detail": "Invalid sid/token"}),), "refused", (("accepted", _NEVER_RAISES),)),
            *(
                Case((Answer(status),), "refused", (("unknown", _ONLY_401), ("accepted", _ONLY_401)))
                for status in (400, 403, 404)
            ),
            Case((Answer(499),), "unknown", (("refused", _NOT_XOXZOS), ("accepted", _NEVER_RAISES))),
            *(Case((Answer(status),), "unknown", (("refused", _THEIR_FAULT),)) for status in (500, 503)),
            *(Case((Answer(status),), "refused", (("unknown", _EXAMPLES),)) for status in (402, 429, 498)),
            Case((Answer(302),), "unknown", (("refused", _REDIRECT),)),
            Case((Answer(),), "unknown", (("accepted", _NO_MSGID), (Raises(IndexError), _NO_MSGID))),
            Case((Answer(messages=[{}]),), "unknown", (("accepted", _NO_MSGID), (Raises(KeyError), _NO_MSGID))),
        ),
    ),
)

EXERCISES = (SMS_4,)
