"""Questions of notebook 01."""

from __future__ import annotations

from sms2fa.lessons.questions import start
from sms2fa.widgets.question import Option, Prompt

TITLE = "01 Generate a PIN"

PREDICT = {
    "random-seed": Prompt(
        "An attacker has the first PIN of this server, and knows on which day it started. How many "
        "seeds must they try?",
        (
            Option(
                "1,000,000, one for each PIN",
                "They do not guess the PIN. They guess the seed, and compute the PIN from it.",
            ),
            Option(
                "At most 86,400, one for each second of the day",
                "The seed is the clock in seconds, and a day has 86,400 of them. Your machine tries all of them "
                "in a moment.",
                right=True,
            ),
            Option(
                "It cannot be done, the numbers are random",
                "They look random. The same seed gives the same numbers, each time.",
            ),
            Option("One: PINs of the same day are alike", "They differ. But all of them follow from the one seed."),
        ),
        code="server = random.Random(int(time.time()))\npin = server.randrange(1_000_000)",
    ),
    "leading-zeros": Prompt(
        "What share of the numbers below 1,000,000 has fewer than six digits?",
        (
            Option(
                "None: they are all six digits",
                "Count 42. As a number it has two digits; only as text can it have six.",
            ),
            Option("One in a million", "That would be one number. There are many more: all those below 100,000."),
            Option(
                "One in ten",
                "All numbers below 100,000: they are a tenth. So one PIN in ten begins with 0.",
                right=True,
            ),
            Option("Nearly half", "Most numbers are long: nine in ten have all six digits."),
        ),
    ),
    "int-and-text": Prompt(
        "A service sends '042917' and keeps the PIN as a number. What does it find when the claimant "
        "types the right PIN?",
        (
            Option("True", "One side is the number 42917, the other a text. In Python, a number never equals a text."),
            Option("False", "The number 42917 is not the text '042917'. The right PIN is refused.", right=True),
            Option(
                "A TypeError",
                "Comparing them with == is allowed. It quietly gives False, which is worse than an error.",
            ),
        ),
        code='int("042917") == "042917"',
    ),
    "modulo-bias": Prompt(
        "A device gives bytes, 0 to 255, all equally likely. Which digits come most often?",
        (
            Option(
                "All the same, since bytes are equally likely", "Ten digits share 256 bytes, and 256 / 10 is not whole."
            ),
            Option(
                "0 to 5", "Each of them has 26 bytes: 250 to 255 give 0 to 5 once more. The others have 25.", right=True
            ),
            Option("6 to 9", "It is the other way round: the last bytes, 250 to 255, give 0 to 5."),
            Option("0 alone", "Byte 250 gives one more 0, but 251 to 255 give one more of 1 to 5, too."),
        ),
        code="digit = byte % 10",
    ),
}

RECALL = {
    "pin-sees-it": Prompt(
        "Who makes the PIN, and who carries it to the phone?",
        (
            Option(
                "The gateway makes it, the verifier carries it", "The other way round. The verifier is your service."
            ),
            Option(
                "The verifier makes it, the gateway carries it", "And the gateway can read it on the way.", right=True
            ),
            Option("The claimant makes it, the gateway carries it", "The claimant receives it, and types it."),
        ),
        earlier=start.TITLE,
    ),
    "pin-secrets": Prompt(
        "Why does `secrets` make a better PIN than `random`?",
        (
            Option(
                "Its numbers are larger",
                "They can be of any size in both. What matters is whether the next one can be computed.",
            ),
            Option("It is slower to guess", "A guess takes equally long. With `random` nobody needs to guess."),
            Option(
                "There is no seed from which the next PIN follows",
                "It asks the operating system each time. What was seen before tells nothing about what comes.",
                right=True,
            ),
        ),
    ),
    "pin-text": Prompt(
        "Which of these can hold every PIN of six digits?",
        (
            Option("An int", "042917 becomes 42917. The zero at the front cannot be kept."),
            Option("A str of six characters", "A text keeps each digit where it is, also at the front.", right=True),
            Option("A float", "It loses the zeros as well, and it is a number, not a PIN."),
        ),
    ),
    "pin-length": Prompt(
        "Six digits, and at most 100 wrong tries for an account. What chance has a guesser?",
        (
            Option("One in 100", "That is the chance with four digits: 100 of 10,000."),
            Option("One in 10,000", "100 of 1,000,000. Length and tries together decide.", right=True),
            Option(
                "One in 1,000,000",
                "That is the chance of a single guess. A hundred guesses have a hundred times as much.",
            ),
        ),
    ),
    "pin-malformed": Prompt(
        "Which of these should be read as the PIN 042917? There are two.",
        (
            Option("`042 917`", "People copy it with the space that helped them read it.", right=True),
            Option("`42917`", "A digit is missing. Filling it up would let in what nobody was sent."),
            Option("`０４２９１７`", "A Japanese keyboard writes digits in this form. They mean the same.", right=True),
            Option("`O42917`", "That is the letter O. It is malformed, and the error should not repeat it."),
        ),
    ),
}
