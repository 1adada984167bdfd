"""What runs elsewhere, on GitHub and at a commit: as far as it can be looked at here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from fresh import ROOT, checkout
from test_other_pythons import PROMISED

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def steps(path: Path) -> list[dict[str, object]]:
    return [step for job in yaml.safe_load(path.read_text("utf-8"))["jobs"].values() for step in job["steps"]]


def test_the_tests_run_on_three_systems_and_every_python_that_is_promised() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "tests.yml").read_text("utf-8"))["jobs"]
    matrix = jobs["systems"]["strategy"]["matrix"]
    assert matrix["os"] == ["ubuntu-latest", "macos-latest", "windows-latest"]
    assert tuple(matrix["python"]) == PROMISED
    assert set(jobs["everything"]["steps"][1]["with"]["python-version"].split()) == set(PROMISED)


def test_a_release_is_made_by_a_tag_and_links_are_checked_by_the_week() -> None:
    texts = {path.stem: path.read_text("utf-8") for path in WORKFLOWS}
    assert set(texts) == {"tests", "links", "release"}
    assert 'tags: ["v*"]' in texts["release"]
    assert "cron:" in texts["links"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_do_no_more_than_it_says_and_ends_by_itself(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text("utf-8"))
    assert workflow["permissions"]
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 90
    for step in steps(path):
        assert ("uses" in step) != ("run" in step)
        assert re.fullmatch(r"[\w-]+/[\w-]+@v[0-9]+", str(step.get("uses", "a/b@v1")))


def test_the_commands_of_a_workflow_exist() -> None:
    help_ = subprocess.run(
        [sys.executable, "-m", "sms2fa", "--help"], capture_output=True, text=True, check=True
    ).stdout
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for path in WORKFLOWS:
        for step in steps(path):
            run = str(step.get("run", ""))
            for command in re.findall(r"-m sms2fa ([a-z-]+)", run):
                assert re.search(rf"(?m)^    {command} ", help_)
            for targets in re.findall(r"(?m)^ *make ([a-z -]+)$", run):
                assert [
                    target for target in targets.split() if not re.search(rf"(?m)^[^#\n]*\b{target}\b.*:", makefile)
                ] == []


@pytest.mark.lint
@pytest.mark.slow
def test_the_hooks_of_a_commit_pass_on_every_file_without_a_network(tmp_path: Path) -> None:
    if find_spec("pre_commit") is None:
        missing = "pre-commit is not installed: it is in the extra dev"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    root = checkout(tmp_path)
    programs = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "HTTPS_PROXY": "http://127.0.0.1:9"}
    git = [shutil.which("git") or "git", "-c", "user.name=a", "-c", "user.email=a@a.example"]
    for command in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run([*git, *command], cwd=root, check=True)
    hooks = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files"],
        cwd=root, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert hooks.returncode == 0, hooks.stdout + hooks.stderr
    assert hooks.stdout.count("Passed") == 4
