"""The folder for a room without a network: what is asked for, what lies in it, and that it is enough."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fresh import ROOT, checkout, environment
from sms2fa import wheelhouse


def test_it_asks_for_the_course_and_for_what_installing_the_project_itself_takes() -> None:
    asked = wheelhouse.requirements(ROOT)
    assert {"requests", "flask", "matplotlib", "editables"} <= set(asked)
    assert any(each.startswith("hatchling") for each in asked)
    assert not {"pytest", "ruff", "playwright"} & set(asked)


def test_it_builds_with_the_lock_and_forgets_old_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def pip(command: list[str], **options: object) -> None:
        commands.append(command)
        (Path(command[command.index("--wheel-dir") + 1]) / "new-2.0-py3-none-any.whl").write_bytes(b"0" * 1_600_000)

    monkeypatch.setattr(wheelhouse.subprocess, "run", pip)
    (tmp_path / "old-1.0-py3-none-any.whl").touch()
    filled = wheelhouse.fill(ROOT, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["new-2.0-py3-none-any.whl"]
    assert commands[0][:4] == [sys.executable, "-m", "pip", "wheel"]
    assert ("-c", "requirements.lock") in zip(commands[0], commands[0][1:], strict=False)
    assert str(filled).startswith(f"1 packages, 2 MB, in {tmp_path}. They fit Python {sys.version_info[0]}.")


def test_what_lies_there_stays_where_pip_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pip(command: list[str], **options: object) -> None:
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(wheelhouse.subprocess, "run", pip)
    (tmp_path / "old-1.0-py3-none-any.whl").touch()
    with pytest.raises(subprocess.CalledProcessError):
        wheelhouse.fill(ROOT, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["old-1.0-py3-none-any.whl"]


@pytest.mark.slow
def test_the_course_is_set_up_from_it_with_the_network_cut_off_and_notebook_00_runs(tmp_path: Path) -> None:
    root = checkout(tmp_path / "checkout")
    filled = wheelhouse.fill(root, root / "build" / "wheelhouse")
    assert filled.wheels > 100
    assert filled.megabytes < 200
    commands = [
        ["make", f"PYTHON={sys.executable}", "WHEELHOUSE=build/wheelhouse", ".venv/course"],
        [".venv/bin/python", "-m", "sms2fa", "doctor"],
        [".venv/bin/jupyter", "execute", "notebooks/00_start_here.ipynb"],
    ]
    for command in commands:
        subprocess.run([*cut_off(), *command], cwd=root, env=unreachable(tmp_path), check=True)


@pytest.mark.slow
def test_without_it_the_same_set_up_fails_so_that_the_network_was_really_cut_off(tmp_path: Path) -> None:
    python = str(environment(sys.executable, tmp_path / "venv") / "python")
    command = [python, "-m", "pip", "install", "--quiet", "--retries", "0", "--timeout", "2", "flask"]
    failed = subprocess.run(
        [*cut_off(), *command], cwd=tmp_path, env=unreachable(tmp_path), capture_output=True, check=False
    )
    assert failed.returncode != 0


def cut_off() -> list[str]:
    """In front of a command: a network of its own with nothing but loopback, where the system lets us have one."""
    loopback_alone = [shutil.which("unshare") or "unshare", "--net", "--map-root-user", "sh", "-c"]
    raised = "ip link set lo up"
    try:
        tried = subprocess.run([*loopback_alone, raised], capture_output=True, check=False)
    except FileNotFoundError:
        return []
    return [*loopback_alone, f'{raised} && exec "$@"', "cut-off"] if tried.returncode == 0 else []


def unreachable(home: Path) -> dict[str, str]:
    """An environment in which pip finds no cache and every address lies behind a proxy that does not answer."""
    dead = "http://127.0.0.1:9"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_", "JUPYTER"))}
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), dead)
    return {**kept, **proxies, "NO_PROXY": "127.0.0.1,localhost", "HOME": str(home), "PIP_CONFIG_FILE": os.devnull}
