"""What the doctor looks at, and what it says to do."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from sms2fa import doctor
from sms2fa.doctor import Diagnosis, Finding, Health


def missing(name: str) -> str:
    raise PackageNotFoundError(name)


def test_here_everything_is_in_place() -> None:
    diagnosis = doctor.examine({})
    assert diagnosis, repr(diagnosis)
    assert "Everything is in place." in repr(diagnosis)


def test_the_command_says_so_and_ends_with_0() -> None:
    told = subprocess.run([sys.executable, "-m", "sms2fa", "doctor"], capture_output=True, text=True, check=True)
    assert "Everything is in place." in told.stdout


def test_an_old_python_is_to_be_replaced() -> None:
    assert doctor.python((3, 11)).health is Health.FINE
    finding = doctor.python((3, 10))
    assert (finding.health, finding.words) == (Health.WRONG, "3.10; install Python 3.11 or newer")


def test_packages_that_are_missing_are_named_with_the_command_that_installs_them() -> None:
    finding = doctor.packages(missing)
    assert finding.health is Health.WRONG
    assert "xoxzo.cloudpy is not installed" in finding.words
    assert "pip install -c requirements.lock -e .[course]" in finding.words


def test_packages_that_are_too_old_are_named_with_the_version_that_is_needed() -> None:
    finding = doctor.packages(lambda name: "3.6.1" if name == "jupyterlab" else "99.0")
    assert finding.health is Health.WRONG
    assert finding.words.startswith("jupyterlab is 3.6.1, older than 4; run: ")
    assert doctor.packages(lambda name: "99.0").health is Health.FINE


def test_the_packages_are_those_that_the_project_asks_for() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["course"]]
    names = {re.split("[<>=]", name)[0] for name in asked}
    assert set(doctor._PACKAGES) == names


def test_a_python_without_widgets_is_to_be_mended(tmp_path: Path) -> None:
    assert doctor.widgets(tmp_path).health is Health.WRONG
    assert doctor.widgets(Path(sys.prefix)).health is Health.FINE


@pytest.mark.parametrize(
    ("program", "health", "words"),
    [
        (None, Health.WRONG, "no kernel named python3"),
        ("python", Health.FINE, "notebooks run in this Python"),
        ("/course/bin/python3.12", Health.FINE, "notebooks run in this Python"),
        ("/other/bin/python", Health.WRONG, "another Python, /other/bin/python; run: python -m ipykernel install"),
    ],
)
def test_a_kernel_that_is_missing_or_another_python_is_to_be_mended(
    program: str | None, health: Health, words: str
) -> None:
    finding = doctor.kernel(program, "/course/bin/python")
    assert finding.health is health
    assert words in finding.words


def test_a_kernel_of_another_python_in_the_learners_home_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = {"argv": ["/other/bin/python", "-m", "ipykernel_launcher"], "display_name": "Python 3", "language": "python"}
    (tmp_path / "kernels" / "python3").mkdir(parents=True)
    (tmp_path / "kernels" / "python3" / "kernel.json").write_text(json.dumps(spec), "utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))  # comes first
    diagnosis = doctor.examine({})
    assert not diagnosis
    assert "/other/bin/python" in repr(diagnosis)


def test_a_loopback_that_cannot_be_listened_on_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "create_server", forbidden)
    finding = doctor.loopback()
    assert finding.health is Health.WRONG
    assert "Permission denied" in finding.words


@pytest.mark.parametrize(
    ("environ", "health"),
    [
        ({}, Health.FINE),
        ({"HTTP_PROXY": "http://proxy.example"}, Health.OPTIONAL),
        ({"http_proxy": "http://proxy.example", "NO_PROXY": "localhost"}, Health.OPTIONAL),
        ({"HTTP_PROXY": "http://proxy.example", "no_proxy": "localhost,127.0.0.1"}, Health.FINE),
        ({"HTTP_PROXY": "http://proxy.example", "NO_PROXY": "*"}, Health.FINE),
    ],
)
def test_a_proxy_in_front_of_loopback_is_worth_knowing(environ: dict[str, str], health: Health) -> None:
    assert doctor.proxies(environ).health is health


def test_a_program_that_is_missing_is_no_reason_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)
    finding = doctor.program("Redis", ("redis-server",), "the end of notebook 03 uses it")
    assert finding.health is Health.OPTIONAL
    assert "apt-get install redis-server" in finding.words
    assert Diagnosis((finding,))


def test_one_thing_to_mend_makes_the_diagnosis_false_and_is_shown_in_words() -> None:
    diagnosis = Diagnosis((Finding("Python", Health.FINE, "3.11"), Finding("ports", Health.WRONG, "no <way>")))
    assert not diagnosis
    assert "to mend: no <way>" in repr(diagnosis)
    assert "to mend: no &lt;way&gt;" in diagnosis._repr_html_()
