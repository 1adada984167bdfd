"""Two-factor authentication by SMS: one-time PINs made, sent through Xoxzo, and verified."""

from sms2fa.challenge import Challenge, Outcome, Verdict
from sms2fa.clock import ManualClock, SystemClock
from sms2fa.errors import TwoFactorError
from sms2fa.gateways.xoxzo import XoxzoGateway
from sms2fa.message import Message, Segments, compose, count_segments
from sms2fa.phone import PhoneNumber, mask_phone, parse_phone
from sms2fa.pin import generate_pin, normalize_pin
from sms2fa.policy import CLASSROOM, NIST_800_63B, XOXZO_TUTORIAL_2018, Policy
from sms2fa.stores.sqlite import SqliteStore
from sms2fa.verifier import Verifier

__all__ = [
    "CLASSROOM",
    "NIST_800_63B",
    "XOXZO_TUTORIAL_2018",
    "Challenge",
    "ManualClock",
    "Message",
    "Outcome",
    "PhoneNumber",
    "Policy",
    "Segments",
    "SqliteStore",
    "SystemClock",
    "TwoFactorError",
    "Verdict",
    "Verifier",
    "XoxzoGateway",
    "compose",
    "count_segments",
    "generate_pin",
    "mask_phone",
    "normalize_pin",
    "parse_phone",
]
