"""Xoxzo's API on this machine, for the real client: same requests, another address."""

from sms2fa.sandbox.accounts import Kind, SandboxAccount
from sms2fa.sandbox.callbacks import Callback
from sms2fa.sandbox.calls import SandboxCall
from sms2fa.sandbox.carrier import CarrierRules, Delivery, Ending, SandboxMessage
from sms2fa.sandbox.faults import FaultKind
from sms2fa.sandbox.templates import Template
from sms2fa.sandbox.xoxzo import XoxzoSandbox

__all__ = [
    "Callback",
    "CarrierRules",
    "Delivery",
    "Ending",
    "FaultKind",
    "Kind",
    "SandboxAccount",
    "SandboxCall",
    "SandboxMessage",
    "Template",
    "XoxzoSandbox",
]
