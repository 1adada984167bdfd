"""Questions of notebook 03."""

from __future__ import annotations

from sms2fa.lessons.questions import pin, sms
from sms2fa.widgets.question import Option, Prompt

TITLE = "03 Verify the PIN"

PREDICT = {
    "equals-timing": Prompt(
        "The PIN is 042917. Which wrong PIN can `==` refuse fastest?",
        (
            Option("`942917`", "The first character differs, so the comparison may stop there.", right=True),
            Option(
                "`042918`", "Five characters are the same here. A comparison from the front has to look at all six."
            ),
            Option("All take the same time", "That is what we want. `==` may stop where the first difference is."),
        ),
        code="typed == pin",
    ),
    "replay": Prompt(
        "Alice has logged in with her PIN. A moment later somebody who looked over her shoulder types "
        "the same PIN. What then?",
        (
            Option(
                "Nothing stops it: the PIN is right",
                "So it is with `==` alone. The verifier also remembers that it was used.",
            ),
            Option(
                "It is refused as already used",
                "A PIN works once. Whoever reads it afterwards gains nothing.",
                right=True,
            ),
            Option(
                "It is refused as a wrong PIN",
                "It is the right PIN, and the server knows that. The page may say it in such words, though.",
            ),
        ),
    ),
    "expiry": Prompt(
        "A PIN has a lifetime of 60 seconds. It is typed when exactly 60 seconds have passed. Does it work?",
        (
            Option("Yes, the 60 seconds are allowed", "Then it would work for a moment longer than 60 seconds."),
            Option(
                "No, its life ends at that moment",
                "It works before that moment, and not from it on: `now >= expires_at`.",
                right=True,
            ),
            Option("It depends on how fast the server is", "The moment of the try decides, and it is read once."),
        ),
    ),
    "five-tries": Prompt(
        "Somebody types five wrong PINs, and then the right one. Are they let in?",
        (
            Option(
                "Yes, it is the right PIN", "Then a program could type on until it hits. The limit would stop nobody."
            ),
            Option(
                "No, and the claimant needs a new PIN",
                "After five wrong tries this PIN is dead, whatever is typed.",
                right=True,
            ),
            Option(
                "No, and the account is closed for good",
                "One PIN is dead. An account is stopped after a hundred failures in a row.",
            ),
        ),
    ),
    "race": Prompt(
        "Fifty threads hand in the right PIN at the same moment. Each reads `used`, compares, and then writes `used`. "
        "How many are let in?",
        (
            Option("One: the PIN works once", "It does if nobody comes between reading and writing. Here anybody can."),
            Option("None: they block each other", "They do not notice each other. That is the trouble."),
            Option(
                "One or more, and you cannot say how many",
                "Several may read `used` before the first has written it. Reading, judging and writing must be "
                "one step.",
                right=True,
            ),
        ),
        code='if not challenge["used"] and same(challenge["pin"], typed):\n    challenge["used"] = True\n    let_in()',
    ),
    "resend": Prompt(
        "Alice asks for a second PIN, and then the first SMS arrives, late. Which PIN works?",
        (
            Option("The first", "It was void from the moment at which the second was made."),
            Option("The second", "A new PIN takes the place of the old one, so one PIN works at a time.", right=True),
            Option("Both", "Friendlier, but a guesser would have two PINs to hit, and with each resend one more."),
        ),
    ),
}

RECALL = {
    "verify-delivered": Prompt(
        "The gateway returned a receipt with a msgid. Did alice get the message?",
        (
            Option("Yes", "A receipt says accepted. The carrier may still fail to deliver."),
            Option(
                "Perhaps", "Accepted is not delivered. Ask for the status, or wait for her to type the PIN.", right=True
            ),
            Option(
                "No, she has to ask for it",
                "She need not ask. The SMS is on its way and mostly arrives within minutes, but nobody promises it.",
            ),
        ),
        earlier=sms.TITLE,
    ),
    "verify-chance": Prompt(
        "What makes six digits enough?",
        (
            Option("Nobody types a million PINs", "A program does, at night. What stops it is a limit."),
            Option(
                "The limit of tries", "Five tries for a PIN, and a stop after a hundred failures in a row.", right=True
            ),
            Option(
                "That they come from `secrets`", "Then they cannot be predicted. They can still be tried, one by one."
            ),
        ),
        earlier=pin.TITLE,
    ),
    "verify-told": Prompt(
        "A PIN has expired. What should the page say?",
        (
            Option("This PIN has expired", "It tells a stranger that there was a PIN for this login."),
            Option(
                "This PIN is wrong or no longer works",
                "The same words for wrong, expired, used and unknown. Below them stands what to do next.",
                right=True,
            ),
            Option("Nothing", "The claimant needs to know what to do: look at the newest SMS, or ask for a new PIN."),
        ),
    ),
    "verify-count": Prompt(
        "Which of these costs a try?",
        (
            Option("`12E456` on a live challenge", "It is malformed: no PIN at all. It costs nothing."),
            Option(
                "A wrong PIN on a live challenge",
                "Nothing else does. An expired or unknown challenge costs nobody a try: else anybody could use up "
                "alice's tries before a PIN was sent to her.",
                right=True,
            ),
            Option(
                "A wrong PIN on an expired challenge", "Nothing can be gained there, so nothing needs to be counted."
            ),
        ),
    ),
    "verify-bound": Prompt(
        "What is a challenge bound to? There are two.",
        (
            Option("The account", "Mallory's PIN does not work in alice's login.", right=True),
            Option("The browser's address", "Addresses change on the way, above all those of phones."),
            Option("The purpose", "A PIN for a login does not confirm a payment.", right=True),
            Option("The text of the SMS", "The text is for the claimant. The server keeps a digest of the PIN."),
        ),
    ),
    "verify-new-pin": Prompt(
        "An attacker asks for a new PIN after every four wrong tries. What stops them?",
        (
            Option("The five tries of each PIN", "They are never used up. Each new PIN brings five new tries."),
            Option(
                "The failures of the account, which a new PIN does not reset",
                "After ten in a row the account is locked for a while, after a hundred it is stopped.",
                right=True,
            ),
            Option("Nothing", "It would be so if failures were counted for each PIN alone."),
        ),
    ),
}
