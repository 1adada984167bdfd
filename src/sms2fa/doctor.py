"""What this machine has and lacks for the course, and what to do about it: ``python -m sms2fa doctor``."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from sms2fa.widgets.card import Card

_OLDEST = (3, 11)  # Python
_PACKAGES = {  # and the oldest major version, where that matters
    "argon2-cffi": 0,
    "flask": 0,
    "ipywidgets": 8,
    "jupyter-server-proxy": 0,
    "jupyterlab": 4,
    "matplotlib": 0,
    "msgspec": 0,
    "phonenumberslite": 0,
    "redis": 0,
    "requests": 0,
    "xoxzo.cloudpy": 0,
}
_INSTALL = "python -m pip install -c requirements.lock -e .[course]"
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


class Health(Enum):
    """How it stands with one thing."""

    FINE = "fine"
    OPTIONAL = "worth knowing"
    WRONG = "to mend"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: its name.
        health: how it stands.
        words: what was found, and what to do.
    """

    what: str
    health: Health
    words: str


@dataclass(frozen=True, slots=True, repr=False)
class Diagnosis:
    """All findings. It is true where nothing has to be mended."""

    findings: tuple[Finding, ...]

    def __bool__(self) -> bool:
        return all(finding.health is not Health.WRONG for finding in self.findings)

    def card(self) -> Card:
        """The findings as a card."""
        rows = tuple((finding.what, f"{finding.health.value}: {finding.words}") for finding in self.findings)
        heading = "Everything is in place" if self else "Something is to be mended"
        return Card(heading, "good" if self else "not yet", rows=rows)

    def __repr__(self) -> str:
        lines = (f"{finding.what:10} {finding.health.value}: {finding.words}" for finding in self.findings)
        return "\n".join([*lines, "", "Everything is in place." if self else "Something is to be mended: see above."])

    def _repr_html_(self) -> str:
        return self.card()._repr_html_()


def examine(environ: Mapping[str, str] | None = None) -> Diagnosis:
    """Look at everything. Nothing is changed, and nothing leaves the machine."""
    environ = os.environ if environ is None else environ
    return Diagnosis(
        (
            python(sys.version_info[:2]),
            packages(version),
            widgets(Path(sys.prefix)),
            kernel(_kernel_program(), sys.executable),
            loopback(),
            proxies(environ),
            program("Redis", ("redis-server",), "the end of notebook 03 uses it"),
            program("Chromium", _CHROMIUM, "the browser tests use it"),
        )
    )


def python(found: tuple[int, int]) -> Finding:
    """Whether Python is new enough."""
    shown = ".".join(map(str, found))
    if found >= _OLDEST:
        return Finding("Python", Health.FINE, shown)
    return Finding("Python", Health.WRONG, f"{shown}; install Python {'.'.join(map(str, _OLDEST))} or newer")


def packages(installed: Callable[[str], str]) -> Finding:
    """Whether the packages of the course are installed, and new enough."""
    missing = []
    for name, oldest in _PACKAGES.items():
        try:
            found = installed(name)
        except PackageNotFoundError:
            missing.append(f"{name} is not installed")
        else:
            if int(found.split(".")[0]) < oldest:
                missing.append(f"{name} is {found}, older than {oldest}")
    if missing:
        return Finding("packages", Health.WRONG, f"{', '.join(missing)}; run: {_INSTALL}")
    return Finding("packages", Health.FINE, f"all {len(_PACKAGES)} are installed")


def widgets(prefix: Path) -> Finding:
    """Whether JupyterLab can draw widgets."""
    if (prefix / "share" / "jupyter" / "labextensions" / "@jupyter-widgets" / "jupyterlab-manager").exists():
        return Finding("widgets", Health.FINE, "JupyterLab has the extension that draws them")
    return Finding("widgets", Health.WRONG, f"JupyterLab lacks jupyterlab_widgets; run: {_INSTALL}, and start it again")


def kernel(program: str | None, this: str) -> Finding:
    """Whether notebooks run in this Python.

    Args:
        program: what the kernel named python3 starts; None where there is no such kernel.
        this: the path of this Python.
    """
    if program is None:
        return Finding("kernel", Health.WRONG, f"no kernel named python3; run: {_INSTALL}")
    # A bare name stands for the Python that JupyterLab runs in. Two names in one folder are one environment.
    if Path(program).name == program or Path(program).parent.resolve() == Path(this).parent.resolve():
        return Finding("kernel", Health.FINE, "notebooks run in this Python")
    words = f"notebooks run in another Python, {program}; run: python -m ipykernel install --sys-prefix"
    return Finding("kernel", Health.WRONG, words)


def _kernel_program() -> str | None:
    try:
        return str(KernelSpecManager().get_kernel_spec("python3").argv[0])
    except NoSuchKernel:
        return None


def loopback() -> Finding:
    """Whether a server can listen on this machine's own address, and be reached."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), 5):
            return Finding("ports", Health.FINE, "127.0.0.1 can be listened on and reached")
    except OSError as error:
        words = f"127.0.0.1 does not work ({error.strerror}); a firewall or a security program may forbid it"
        return Finding("ports", Health.WRONG, words)


def proxies(environ: Mapping[str, str]) -> Finding:
    """Whether a proxy stands between two programs on this machine."""
    proxy = environ.get("HTTP_PROXY") or environ.get("http_proxy")
    without = f"{environ.get('NO_PROXY', '')},{environ.get('no_proxy', '')}"
    if not proxy:
        return Finding("proxy", Health.FINE, "none is set")
    if "127.0.0.1" in without or "*" in without:
        return Finding("proxy", Health.FINE, "one is set, and 127.0.0.1 is left out of it")
    words = "HTTP_PROXY is set; the sandbox steps around it, your own calls to it need NO_PROXY=127.0.0.1,localhost"
    return Finding("proxy", Health.OPTIONAL, words)


def program(name: str, commands: tuple[str, ...], used: str) -> Finding:
    """Whether one of these programs is installed."""
    if any(shutil.which(command) for command in commands):
        return Finding(name, Health.FINE, "found")
    return Finding(name, Health.OPTIONAL, f"not found; only {used}. On Debian: sudo apt-get install {commands[0]}")
