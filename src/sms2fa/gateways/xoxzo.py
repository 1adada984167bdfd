"""The gateway to Xoxzo, over its own client. The only module that imports `xoxzo.cloudpy`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence

from xoxzo.cloudpy import XoxzoClient
from xoxzo.cloudpy.cloudpy import XoxzoResponse

from sms2fa.errors import InvalidInput, MessageNotFound, OutcomeUnknown, RecipientRefused, UnreadableAnswer
from sms2fa.gateways import DeliveryStatus, Receipt
from sms2fa.gateways.answers import Answer, error_of, may_pass, nothing_was_sent
from sms2fa.gateways.connection import Connection
from sms2fa.message import Message
from sms2fa.phone import PhoneNumber, is_printed

_STATUS_WORDS = {  # the blog's words and the help page's; then those of calls, which are assumed
    "QUEUED": DeliveryStatus.QUEUED,
    "DELIVERING": DeliveryStatus.DELIVERING,
    "DELIVERED": DeliveryStatus.DELIVERED,
    "OK": DeliveryStatus.DELIVERED,
    "FAIL": DeliveryStatus.FAILED,
    "FAILED": DeliveryStatus.FAILED,
    "ANSWERED": DeliveryStatus.DELIVERING,
    "COMPLETED": DeliveryStatus.DELIVERED,
}
_ENVIRON = ("XOXZO_API_SID", "XOXZO_API_AUTH_TOKEN")


class XoxzoGateway:
    """Sends messages through Xoxzo.

    Free-form text, by `send`, is for accounts that Xoxzo has approved for it. `ByTemplate` and `ByVoice` of
    `sms2fa.gateways.routes` make a gateway of the other two ways.

    Args:
        sid: the account's SID.
        auth_token: its auth token.
        api_host: the address, by default Xoxzo's own. An address of this machine makes the gateway not live.
        sender: what the phone shows as sender, where the carrier lets it: at most 10 letters and digits, or 15 digits.
        timeout: seconds that one call may take in all, retries included.
        retry_waits: about how many seconds to wait before each retry; () for none. Only what cannot have sent an SMS
            is tried again: a connection that did not come about, and questions for a status.

    Raises:
        InvalidInput: for empty credentials, an address that is none, or one that would carry the credentials over
            the network in clear.
    """

    def __init__(
        self,
        sid: str,
        auth_token: str,
        api_host: str | None = None,
        sender: str = "XOXZO",
        timeout: float = 10,
        *,
        retry_waits: Sequence[float] = (0.2, 0.6),
    ) -> None:
        self.sender = sender
        self._connection = Connection(sid, auth_token, api_host, timeout, retry_waits)
        self._client = XoxzoClient(sid, auth_token, api_host=self._connection.host)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> XoxzoGateway:
        """The gateway that sends real SMS, with the credentials of XOXZO_API_SID and XOXZO_API_AUTH_TOKEN.

        Raises:
            InvalidInput: naming the variables that are missing.
        """
        environ = os.environ if environ is None else environ
        missing = [name for name in _ENVIRON if not environ.get(name)]
        if missing:
            raise InvalidInput(
                f"expected the environment variables {' and '.join(_ENVIRON)}; missing: {', '.join(missing)}",
                field="environ",
            )
        return cls(environ[_ENVIRON[0]], environ[_ENVIRON[1]])

    @property
    def live(self) -> bool:
        """Whether a message goes to a real phone: always, unless the address is of this machine."""
        return self._connection.live

    def send(self, message: Message, *, to: PhoneNumber) -> Receipt:
        """Hand over a message as free-form text.

        Returns:
            A receipt with the msgid. Accepted is not delivered: ask `receipt` later.

        Raises:
            GatewayRefused: one of its kinds says why; nothing was sent.
            OutcomeUnknown: no answer, or an unreadable one, after the request had gone out.
        """
        return self._hand_over(
            to,
            "msgid",
            self._by_client(lambda: self._client.send_sms(message=message.text, recipient=to.e164, sender=self.sender)),
        )

    def send_template(self, template_id: int, message: Message, *, to: PhoneNumber) -> Receipt:
        """Send an approved template, filled with the message's ``variables``. Returns and raises as `send` does."""
        # The client has no call for templates, so this goes through requests, within the same limits.
        if not isinstance(template_id, int) or template_id < 0:
            raise InvalidInput("expected template_id as the number of a template", field="template_id")
        path = f"/sms/templates/{template_id}/messages/"
        fields = {"sender": self.sender, "recipient": to.e164, "variables": dict(message.variables)}
        return self._hand_over(to, "msgid", lambda: self._connection.post(path, fields))

    def call(self, message: Message, *, to: PhoneNumber, caller: str, language: str = "en") -> Receipt:
        """Have the message's ``spoken`` form read out by a phone call.

        Args:
            message: what to say.
            to: whom to call.
            caller: the number to show, where the carrier lets it.
            language: of the voice.

        Returns and raises as `send` does; ask `call_receipt` later.
        """
        return self._hand_over(
            to,
            "callid",
            self._by_client(
                lambda: self._client.call_tts_playback(
                    caller=caller, recipient=to.e164, tts_message=message.spoken, tts_lang=language
                )
            ),
        )

    def receipt(self, msgid: str) -> Receipt:
        """Ask what became of a message. Asking sends nothing, so it is tried again where that may help.

        Raises:
            MessageNotFound: for a msgid that Xoxzo does not know.
            GatewayError: as for `send`.
        """
        return self._ask(msgid, self._client.get_sms_delivery_status)

    def call_receipt(self, callid: str) -> Receipt:
        """Ask what became of a call. Raises as `receipt` does."""
        return self._ask(callid, self._client.get_simple_playback_status)

    def _hand_over(self, to: PhoneNumber, name: str, request: Callable[[], Answer]) -> Receipt:
        if self.live and is_printed(to):
            raise RecipientRefused("expected your own number: this one is printed in the course", field="recipient")
        answer = self._connection.call(request, again=nothing_was_sent)
        if not answer.accepted:
            raise error_of(answer)
        first = answer.body[0] if isinstance(answer.body, list) and answer.body else None
        # A redirected POST is followed as a GET, which lists older messages: those have a status, a new one has none.
        id_ = first.get(name) if isinstance(first, dict) and "status" not in first else None
        if not isinstance(id_, str) or not id_:
            raise UnreadableAnswer(f"Xoxzo answered without a {name}, so the message may have gone out or not")
        return Receipt(id_, DeliveryStatus.QUEUED)

    def _ask(self, id_: str, request: Callable[[str], XoxzoResponse]) -> Receipt:
        if not isinstance(id_, str) or not re.fullmatch(r"(?!\.+$)[A-Za-z0-9._~-]+", id_):
            raise InvalidInput("expected a msgid as send() returned it: letters, digits and -._~", field="msgid")
        try:
            answer = self._connection.call(self._by_client(lambda: request(id_)), again=may_pass)
            if answer.status == 404:
                raise MessageNotFound("expected a msgid that Xoxzo knows", status=answer.status)
            if not answer.accepted:
                raise error_of(answer)
        except OutcomeUnknown as error:  # in the words of asking, which sends nothing
            raise UnreadableAnswer("no status from Xoxzo this time; ask again", status=error.status) from None
        word = answer.body.get("status") if isinstance(answer.body, dict) else None
        if not isinstance(word, str):
            raise UnreadableAnswer("Xoxzo answered without a status")
        return Receipt(id_, _STATUS_WORDS.get(word.upper(), DeliveryStatus.UNKNOWN))

    def _by_client(self, request: Callable[[], XoxzoResponse]) -> Callable[[], Answer]:
        return lambda: _answer(request())

    def __repr__(self) -> str:
        return f"XoxzoGateway({self._connection.host!r}, {'LIVE' if self.live else 'not live'})"


def _answer(response: XoxzoResponse) -> Answer:
    """The client's answer in our form. It keeps a list in ``messages`` and everything else in ``message``."""
    if response.errors is None:
        return Answer(200, response.messages or response.message)
    if response.errors != XoxzoClient.REQUESTS_EXCEPITON:
        return Answer(response.errors, response.message)
    error = response.message.get("http_error") if isinstance(response.message, dict) else None
    return Answer(None, error=error if isinstance(error, Exception) else None)
