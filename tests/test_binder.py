"""What Binder makes of the repository: the image that it would build, and the course in it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
import pytest
from jupyter_client import BlockingKernelClient

from fresh import ROOT, checkout, environment, interpreter

NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
LARGEST = 1_000_000_000  # bytes that Binder promises at least
PINNED = re.search(r"- python=([0-9.]+)", (ROOT / "environment.yml").read_text("utf-8"))[1]


def test_repo2docker_finds_the_pinned_python_the_environment_redis_and_the_work_after_the_build(
    tmp_path: Path,
) -> None:
    program = shutil.which("jupyter-repo2docker", path=str(Path(sys.executable).parent))
    if program is None:
        missing = "jupyter-repo2docker is not installed: it is in the extra dev"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    told = subprocess.run(
        [program, "--no-build", "--debug", str(checkout(tmp_path))], capture_output=True, text=True, check=True
    )
    dockerfile = told.stdout + told.stderr
    # Not the name of its lock file, which repo2docker shortens where it was installed into a deep folder.
    assert f"Building conda environment for python={PINNED}\n" in dockerfile
    assert 'env update -p ${NB_PYTHON_PREFIX} --file "environment.yml"' in dockerfile
    assert re.search(r"apt-get install --yes --no-install-recommends redis-server ", dockerfile)
    assert "RUN ./postBuild" in dockerfile


@dataclass(frozen=True)
class Image:
    """A checkout with its environment, as Binder's image has it, and a home folder in which only postBuild was."""

    root: Path
    bin: Path
    env: dict[str, str]

    def run(self, *command: str) -> None:
        subprocess.run([str(self.bin / command[0]), *command[1:]], cwd=self.root, env=self.env, check=True)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    folder = tmp_path_factory.mktemp("binder")
    root = checkout(folder / "checkout")
    programs = environment(interpreter(PINNED), folder / "venv")
    env = {**os.environ, "HOME": str(folder / "home"), "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    (folder / "home").mkdir()
    image = Image(root, programs, {name: value for name, value in env.items() if not name.startswith("JUPYTER")})
    # As conda does: the pip section is written to one file beside environment.yml.
    section = (root / "environment.yml").read_text("utf-8").split("- pip:\n")[1]
    (root / "condaenv.requirements.txt").write_text(re.sub(r"(?m)^ +- ", "", section), "utf-8")
    cache = {"PIP_CACHE_DIR": str(Path("~/.cache/pip").expanduser())}
    install = ["-m", "pip", "install", "-q", "-U", "-r", "condaenv.requirements.txt", "--exists-action=b"]
    subprocess.run([str(programs / "python"), *install], cwd=root, env={**image.env, **cache}, check=True)
    subprocess.run(["./postBuild"], cwd=root, env=image.env, check=True)
    return image


@pytest.mark.slow
def test_the_pip_section_installs_into_the_pinned_python_and_notebook_00_runs_there(image: Image) -> None:
    version = subprocess.run([str(image.bin / "python"), "--version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith(f"Python {PINNED}")
    image.run("jupyter", "execute", "notebooks/00_start_here.ipynb")


@pytest.mark.slow
def test_start_up_work_is_done_in_the_image(image: Image) -> None:
    modules = list((image.root / "src").rglob("*.py"))
    tag = f"cpython-{PINNED.replace('.', '')}"
    assert len(modules) > 50
    assert [path for path in modules if not (path.parent / "__pycache__" / f"{path.stem}.{tag}.pyc").exists()] == []
    assert list((Path(image.env["HOME"]) / ".cache" / "matplotlib").glob("fontlist-*.json"))


class Lab:
    """JupyterLab in the image."""

    def __init__(self, image: Image, runtime: Path) -> None:
        self.runtime = runtime
        options = ("--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0")
        self.server = subprocess.Popen(
            [str(image.bin / "jupyter"), "lab", *options],
            cwd=image.root, env={**image.env, "JUPYTER_RUNTIME_DIR": str(runtime)}, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while not list(runtime.glob("jpserver-*.json")):
            assert self.server.poll() is None, "JupyterLab stopped"
            assert time.monotonic() < deadline, "JupyterLab did not start"
            time.sleep(0.1)
        self._info = json.loads(next(runtime.glob("jpserver-*.json")).read_text("utf-8"))

    def ask(self, path: str, body: dict[str, object] | None = None) -> str:
        headers = {"Authorization": f"token {self._info['token']}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._info['url']}{path}", data, headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return str(answer.read().decode())

    def run_notebook(self, name: str) -> BlockingKernelClient:
        """Open a notebook with a kernel of its own, and run its cells."""
        session = {"path": f"notebooks/{name}", "name": name, "type": "notebook", "kernel": {"name": "python3"}}
        kernel = json.loads(self.ask("api/sessions", session))["kernel"]["id"]
        client = BlockingKernelClient(connection_file=str(self.runtime / f"kernel-{kernel}.json"))
        client.load_connection_file()
        client.start_channels()
        client.wait_for_ready(timeout=60)
        for cell in nbformat.read(ROOT / "notebooks" / name, as_version=4).cells:
            if cell.cell_type == "code":
                reply = client.execute_interactive(cell.source, timeout=120, output_hook=lambda message: None)
                assert reply["content"]["status"] == "ok", f"{name}: {cell.id}"
        return client

    def memory(self) -> int:
        """Bytes that the server and all that it started take; shared pages are counted once."""
        server = psutil.Process(self.server.pid)
        return sum(process.memory_full_info().pss for process in [server, *server.children(recursive=True)])


@pytest.fixture
def lab(image: Image, tmp_path: Path) -> Iterator[Lab]:
    lab = Lab(image, tmp_path / "runtime")
    yield lab
    lab.server.terminate()
    lab.server.wait(timeout=30)


@pytest.mark.slow
def test_the_link_opens_notebook_00_without_a_question_and_with_widgets(lab: Lab) -> None:
    page = lab.ask("lab/tree/notebooks/00_start_here.ipynb")
    found = re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found
    config = json.loads(found[1])
    assert "@jupyterlab/apputils-extension:announcements" in config["disabledExtensions"]
    assert "@jupyter-widgets/jupyterlab-manager" in [each["name"] for each in config["federated_extensions"]]
    assert config["treePath"] == "notebooks/00_start_here.ipynb"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="Binder is Linux, and so is the way that its memory is counted")
def test_all_notebooks_open_and_run_take_less_than_a_gigabyte(lab: Lab) -> None:
    clients = [lab.run_notebook(name) for name in NOTEBOOKS]
    taken = lab.memory()
    for client in clients:
        client.stop_channels()
    print(f"JupyterLab with {len(clients)} notebooks run: {taken / 1e6:.0f} MB")  # noqa: T201 - a figure to report
    assert len(clients) >= 4
    assert taken < LARGEST
