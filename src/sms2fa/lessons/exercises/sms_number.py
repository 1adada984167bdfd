"""Exercises of notebook 02: a number in the form that the API takes, and in the form for a log."""

from __future__ import annotations

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.probes import Case, Raises, try_cases
from sms2fa.phone import parse_phone

NOTEBOOK = "02_send_the_sms"

_ZERO_KEPT = (
    "The 0 after +81 does not belong there. In Japan it is dialled inside the country only, and E.164 leaves it out."
)
_NO_PLUS = "The plus sign at the front is missing. E.164 begins with it, and Xoxzo refuses a number without."
_HYPHENS = "E.164 is a plus sign and digits, nothing between them."
_OBJECT = "That is the object, which hides its digits when it is printed. The API wants the text in its `e164`."
_MASKED = "`str(phone)` hides most digits, so that a log does not show them. The API wants the text in its `e164`."
_NONE = "Your function returns None for what is no number. Raise ValueError: a caller cannot overlook that."
_TWICE = "This number had its country code already, and got a second one."
_UNCHECKED = "This number has a digit too few, and your function took it. The SMS would go to nobody, or to a stranger."

SMS_1 = Exercise(
    id="sms-1",
    notebook=NOTEBOOK,
    level=Level.CORE,
    title="From a form to E.164",
    answer="to_e164",
    statement="""A form in Japan takes the mobile number as people write it. Turn it into **E.164** as text, such as \
`+818012345678`.

`to_e164(written)` raises ValueError for what is no mobile number. You need not write the rules of the \
numbering plan: `parse_phone` knows them.""",
    stub='''def to_e164(written):
    """The number in E.164 form, as text."""
    phone = ...  # your code here
    return phone.e164
''',
    hints=(
        "Look at the first cell of this notebook that has a number in it.",
        "`parse_phone` needs two things: what was written, and the region whose form is meant, `region=...`.",
    ),
    solution='''from sms2fa import parse_phone


def to_e164(written):
    """The number in E.164 form, as text."""
    phone = parse_phone(written, region="JP")
    return phone.e164
''',
    mistakes=(
        Mistake(
            "keeps the 0",
            'def to_e164(written):\n    return "+81" + written.replace("-", "").replace(" ", "")\n',
            _ZERO_KEPT,
        ),
        Mistake(
            "forgets the plus",
            'def to_e164(written):\n    return "81" + written.replace("-", "").removeprefix("0")\n',
            _NO_PLUS,
        ),
        Mistake(
            "keeps the hyphens",
            'def to_e164(written):\n    return "+81" + written.removeprefix("0")\n',
            _HYPHENS,
        ),
        Mistake(
            "returns the object",
            'from sms2fa import parse_phone\n\n\ndef to_e164(written):\n    return parse_phone(written, region="JP")\n',
            _OBJECT,
        ),
        Mistake(
            "turns the object into text",
            "from sms2fa import parse_phone\n\n\ndef to_e164(written):\n"
            '    return str(parse_phone(written, region="JP"))\n',
            _MASKED,
        ),
        Mistake(
            "returns None for what is no number",
            "from sms2fa import parse_phone\n\n\ndef to_e164(written):\n    try:\n"
            '        return parse_phone(written, region="JP").e164\n    except ValueError:\n        return None\n',
            _NONE,
        ),
        Mistake(
            "adds the country code twice",
            'def to_e164(written):\n    digits = "".join(c for c in written if c.isdigit())\n'
            '    return "+81" + digits.removeprefix("0")\n',
            _TWICE,
        ),
        Mistake(
            "does not look whether the number exists",
            "import unicodedata\n\n\ndef to_e164(written):\n"
            '    digits = "".join(c for c in unicodedata.normalize("NFKC", written) if c in "+0123456789")\n'
            '    return digits if digits.startswith("+") else "+81" + digits.removeprefix("0")\n',
            _UNCHECKED,
        ),
    ),
    why=(
        "However the number was written, the API gets one form, and the same phone is always the same text "
        "in your database."
    ),
    judge=lambda answer: try_cases(
        answer,
        "to_e164",
        (
            Case(
                ("080-1234-5678",),
                "+818012345678",
                (
                    ("+81" + "08012345678", _ZERO_KEPT),
                    ("+81" + "080-1234-5678", _ZERO_KEPT),
                    ("818012345678", _NO_PLUS),
                    ("81" + "08012345678", _NO_PLUS),
                    ("+81" + "80-1234-5678", _HYPHENS),
                    (parse_phone("+818012345678"), _OBJECT),
                    (str(parse_phone("+818012345678")), _MASKED),
                ),
            ),
            Case(("080 1234 5678",), "+818012345678"),
            Case(("+81 80 1234 5678",), "+818012345678", (("+81" + "818012345678", _TWICE),)),
            Case(("０８０-１２３４-５６７８",), "+818012345678"),
            Case(("080-1234-567",), Raises(ValueError), (("+81" + "801234567", _UNCHECKED), (None, _NONE))),
            Case(("my phone",), Raises(ValueError), ((None, _NONE),)),
        ),
    ),
)

_IN_CLEAR = "The whole number is in your log, for everybody who can read logs."
_FOUR_SHOWN = (
    "Your mask shows four digits at the end. Two are enough to recognise one's own number, and tell a stranger less."
)
_COUNTRY_TOO = (
    "Three stars too many, as many as `+81` has characters. They are shown in clear: take off `len(country)`, too."
)
_LAST_TOO = "Two stars too many. The last two digits are shown in clear: take off 2, too."
_FIXED_STARS = "Your mask has the same number of stars for every number. Put one star for each digit that is hidden."
_ALWAYS_JAPAN = "Your mask writes +81 in front of every number. This one is American: use `country`."
_NO_COUNTRY = (
    "The country code is hidden too. It tells nobody who it is, and helps whoever looks for a failed delivery."
)

SMS_2 = Exercise(
    id="sms-2",
    notebook=NOTEBOOK,
    level=Level.CORE,
    title="Mask a number for a log",
    answer="mask",
    statement="""A log says that a message was sent, but should not say to whom. Write the number with its country \
code and its last two digits, and **one star for each digit between**.

`mask("+818012345678", "+81")` returns `'+81********78'`: eight digits are hidden.""",
    stub='''def mask(number, country):
    """An E.164 number for a log: country code, stars, the last two digits."""
    hidden = ...  # how many digits lie between?
    return ...  # the three parts together
''',
    hints=(
        "The whole length is the length of the country code, of the hidden part, and of the last two.",
        'A text can be multiplied: `"*" * 3` is `"***"`. The last two characters of a text are `text[-2:]`.',
    ),
    solution='''def mask(number, country):
    """An E.164 number for a log: country code, stars, the last two digits."""
    hidden = len(number) - len(country) - 2
    return country + "*" * hidden + number[-2:]
''',
    mistakes=(
        Mistake("hides nothing", "def mask(number, country):\n    return number\n", _IN_CLEAR),
        Mistake(
            "shows four digits",
            'def mask(number, country):\n    return country + "*" * (len(number) - len(country) - 4) + number[-4:]\n',
            _FOUR_SHOWN,
        ),
        Mistake(
            "takes off 2 alone",
            'def mask(number, country):\n    return country + "*" * (len(number) - 2) + number[-2:]\n',
            _COUNTRY_TOO,
        ),
        Mistake(
            "takes off the country code alone",
            'def mask(number, country):\n    return country + "*" * (len(number) - len(country)) + number[-2:]\n',
            _LAST_TOO,
        ),
        Mistake(
            "has always eight stars",
            'def mask(number, country):\n    return country + "*" * 8 + number[-2:]\n',
            _FIXED_STARS,
        ),
        Mistake(
            "writes +81 always",
            'def mask(number, country):\n    return "+81" + "*" * (len(number) - 5) + number[-2:]\n',
            _ALWAYS_JAPAN,
        ),
        Mistake(
            "hides the country too",
            'def mask(number, country):\n    return "*" * (len(number) - 2) + number[-2:]\n',
            _NO_COUNTRY,
        ),
    ),
    why="A log is read by many people and kept for long. What is not in it cannot leak from it.",
    judge=lambda answer: try_cases(
        answer,
        "mask",
        (
            Case(
                ("+818012345678", "+81"),
                "+81********78",
                (
                    ("+818012345678", _IN_CLEAR),
                    ("+81******5678", _FOUR_SHOWN),
                    ("***********78", _NO_COUNTRY),
                    ("+81***********78", _COUNTRY_TOO),
                    ("+81**********78", _LAST_TOO),
                    ("+81***78", _FIXED_STARS),
                    ("+81****78", _FIXED_STARS),
                ),
            ),
            Case(
                ("+12025550123", "+1"),
                "+1********23",
                (("+81*******23", _ALWAYS_JAPAN), ("+81********23", _ALWAYS_JAPAN)),
            ),
            Case(("+1202", "+1"), "+1*02", (("+1********02", _FIXED_STARS),)),
        ),
    ),
)

EXERCISES = (SMS_1, SMS_2)
