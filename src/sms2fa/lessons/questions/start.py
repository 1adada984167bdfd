"""Questions of notebook 00."""

from __future__ import annotations

from sms2fa.widgets.question import Option, Prompt

TITLE = "00 Log in with two factors"

RECALL = {
    "start-two-factors": Prompt(
        "Which pair is two factors?",
        (
            Option(
                "A password and a security question", "Both are things that you know. Whoever reads one may read both."
            ),
            Option(
                "A password and a PIN that came to your phone",
                "You know the one, and you have the other. A thief of the password does not have your phone.",
                right=True,
            ),
            Option(
                "Two PINs, one after the other",
                "Both show the same: that you have the phone. Two of a kind are one factor.",
            ),
        ),
    ),
    "start-who-makes-it": Prompt(
        "Which actor makes the PIN?",
        (
            Option("The claimant", "The claimant types it. A PIN that they choose themselves would show nothing."),
            Option(
                "The gateway",
                "It carries the text, as a postman carries a letter. (Xoxzo also has a service that makes PINs.)",
            ),
            Option("The verifier", "Your service makes it, has it sent, and compares what comes back.", right=True),
        ),
    ),
    "start-who-sees-it": Prompt(
        "Who can read the PIN between your service and the phone?",
        (
            Option("Nobody", "An SMS is not encrypted from end to end. Those who carry it can read it."),
            Option(
                "The gateway, and the companies that carry the SMS",
                "They handle the text of the message. Notebook 03 keeps small what such a reader gains.",
                right=True,
            ),
            Option(
                "Everybody who knows the number", "Knowing a number does not show its messages. Taking it over would."
            ),
        ),
    ),
    "start-order": Prompt(
        "Why does the password come before the PIN?",
        (
            Option(
                "So that a stranger cannot make your service send SMS",
                "Each SMS costs money and rings somebody's phone. So it is sent to whoever passed the first factor.",
                right=True,
            ),
            Option("Because a password is safer than a PIN", "Neither is enough alone. That is why there are two."),
            Option("Because the SMS needs time to arrive", "It does, but that holds in either order."),
        ),
    ),
}
