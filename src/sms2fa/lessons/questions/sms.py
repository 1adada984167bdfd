"""Questions of notebook 02."""

from __future__ import annotations

from sms2fa.lessons.questions import pin, start
from sms2fa.widgets.question import Option, Prompt

TITLE = "02 Send the SMS"

PREDICT = {
    "country-zero": Prompt(
        "Somebody puts `+81` in front of `080-1234-5678` and forgets to drop the 0. What does Xoxzo say "
        "to such a recipient?",
        (
            Option(
                "It drops the 0 and sends",
                "A program that guesses what you meant might send to a stranger. Xoxzo does not.",
            ),
            Option("It raises an exception in your program", "The client never raises. You have to look at `errors`."),
            Option(
                "It refuses with status 400, and names the field",
                "Not a number in E.164 form. Nothing was sent.",
                right=True,
            ),
            Option(
                "It accepts, and the SMS never arrives",
                "That can happen to a number of the right form that belongs to nobody. This form is wrong, and Xoxzo "
                "sees it.",
            ),
        ),
    ),
    "curly-apostrophe": Prompt(
        "A message of 90 plain characters is one part. Now one apostrophe is curly, as a word processor "
        "writes it. How many parts?",
        (
            Option(
                "One: it is still 90 characters", "It is. But with a character outside ASCII only 70 fit into a part."
            ),
            Option(
                "Two",
                "Now the whole message goes by the other table: 70 characters a part. It costs twice as much.",
                right=True,
            ),
            Option("None: it is refused", "Nothing is wrong with the text. It costs more, and nobody tells you."),
        ),
    ),
    "missing-timeout": Prompt(
        "The server takes the connection and never answers. How long does `XoxzoClient.send_sms` wait?",
        (
            Option("30 seconds", "There is no such number in the client. Ask yourself who would have set it."),
            Option("Until Python gives up", "Python sets no limit of its own to a connection that is open."),
            Option(
                "Without end",
                "The client sets no timeout. Your login page waits as long, unless somebody else sets a limit.",
                right=True,
            ),
            Option("It returns 499 at once", "499 comes when the connection breaks. This one is open, and silent."),
        ),
    ),
    "accepted-delivered": Prompt(
        "`send_sms` returned a msgid. What do you know?",
        (
            Option(
                "The claimant has read the SMS", "Nobody can know that. They may type the PIN, and then you know it."
            ),
            Option("The SMS is on the phone", "Not yet. Carriers report a delivery later, or never."),
            Option(
                "Xoxzo has accepted the message",
                "And given it an id, by which you can ask what became of it.",
                right=True,
            ),
        ),
    ),
}

RECALL = {
    "sms-text": Prompt(
        "Why is the PIN in the message a text, and not a number?",
        (
            Option("A number would lose the zeros at its front", "One PIN in ten begins with 0.", right=True),
            Option(
                "A number takes more room in the SMS", "It would take less, which is the trouble: the zeros are gone."
            ),
            Option("The API takes texts alone", "It does. But `str(42917)` is a text too, and it has lost the zero."),
        ),
        earlier=pin.TITLE,
    ),
    "sms-gateway": Prompt(
        "What does the gateway know about a login?",
        (
            Option("The password", "Your service keeps that to itself, and only as a hash."),
            Option(
                "The mobile number and the text of the message",
                "Both are in the request, the PIN included.",
                right=True,
            ),
            Option(
                "Nothing: it is encrypted",
                "The connection to it is. What arrives there is readable, or it could not be sent.",
            ),
        ),
        earlier=start.TITLE,
    ),
    "sms-e164": Prompt(
        "Which is `080-1234-5678` of Japan in E.164 form?",
        (
            Option("`818012345678`", "Nearly. E.164 begins with a plus sign."),
            Option("`+818012345678`", "Plus sign, country code, and the rest without the 0 at its front.", right=True),
            Option("`080-1234-5678`", "That is the national form. In another country it means another phone, or none."),
        ),
    ),
    "sms-refusal": Prompt(
        "`result.errors` is 401. What happened?",
        (
            Option(
                "SID or auth token is wrong, and nothing was sent",
                "The client says so in `errors`, and raises nothing.",
                right=True,
            ),
            Option("There is no credit left", "That is 403, with a sentence about credits."),
            Option("The recipient does not exist", "That is 400, with the name of the field."),
        ),
    ),
    "sms-unknown": Prompt(
        "`result.errors` is 499. What should your program do?",
        (
            Option("Send again at once", "No answer is not a refusal. The first SMS may arrive, and then the second."),
            Option("Tell the claimant that no SMS was sent", "You do not know that. It may be on its way."),
            Option(
                "Keep the PIN valid, and offer a new one after a while",
                "If the SMS did go out, its PIN works. If not, the claimant asks for another.",
                right=True,
            ),
        ),
    ),
}
