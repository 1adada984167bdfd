"""``python -m sms2fa.sandbox``: Xoxzo's API in a terminal, where arriving messages are shown."""

from __future__ import annotations

import argparse
import io
import re
import signal
import sys
import threading

from sms2fa.errors import TwoFactorError
from sms2fa.phone import mask_phone
from sms2fa.sandbox.carrier import SandboxMessage
from sms2fa.sandbox.xoxzo import XoxzoSandbox


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl-C. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m sms2fa.sandbox", description="Xoxzo's API on this machine. No SMS leaves it."
    )
    parser.add_argument("--port", type=int, default=0, help="where to listen on 127.0.0.1; by default a free port")
    port = parser.parse_args(arguments).port
    stopped = threading.Event()
    if isinstance(sys.stdout, io.TextIOWrapper):  # a letter that this terminal lacks must not hide the message
        sys.stdout.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    sandbox = XoxzoSandbox()
    sandbox.listen(lambda message: print(_shown(message), flush=True))  # noqa: T201 - this terminal is the phone
    try:
        sandbox.open(port)
        print(_greeting(sandbox), flush=True)  # noqa: T201
        while not stopped.wait(3600):  # a wait without an end would not hear Ctrl-C on Windows
            pass
    except KeyboardInterrupt:
        print()  # noqa: T201
    except TwoFactorError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    finally:
        sandbox.close()
    return 0


def _greeting(sandbox: XoxzoSandbox) -> str:
    return f"""\
Xoxzo's API, sandbox: {sandbox.url}  (every SMS is shown here, and goes nowhere else; Ctrl-C ends it)

  SID         {sandbox.sid}
  auth token  {sandbox.auth_token}

Try it from another terminal:

  {_curl(sandbox)}
"""


def _curl(sandbox: XoxzoSandbox) -> str:
    fields = "-d message=Hello -d sender=XOXZO --data-urlencode recipient=+818012345678"
    credentials = f"-u {sandbox.sid}:{sandbox.auth_token}"
    return f"curl --noproxy 127.0.0.1 {credentials} {fields} {sandbox.url}/sms/messages/"


def _shown(message: SandboxMessage) -> str:
    # Whatever could steer the terminal is shown as a question mark.
    text = re.sub(r"[^\S \n]|[\x00-\x09\x0b-\x1f\x7f-\x9f]", "?", message.text).replace("\n", "\n  ")
    return f"{message.sent_at:%H:%M:%S} UTC  to {mask_phone(message.recipient)}  from {message.shown_sender}\n  {text}"


if __name__ == "__main__":
    sys.exit(main())
