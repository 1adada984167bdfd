"""Xoxzo's API on this machine, for the real client: same requests, another address."""

from sms2fa.sandbox.carrier import SandboxMessage
from sms2fa.sandbox.server import XoxzoSandbox

__all__ = ["SandboxMessage", "XoxzoSandbox"]
