"""Commands of other packages: found beside a user's files of the same name, or one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import litdb as package
from litdb.cli import _root
from tests.cli.conftest import Litdb

CHECKOUT = Path(package.__file__).parent.parent


def python(
    *words: str, path: str = str(CHECKOUT), cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Python in the working folder, with this litdb on its path."""
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, env=environment, cwd=cwd)


def user_file() -> None:
    Path("model.py").write_text("x = 1\n", encoding="utf-8")


def user_folder() -> None:
    Path("model").mkdir()
    Path("model", "net.py").write_text("x = 1\n", encoding="utf-8")


def user_package() -> None:
    user_folder()
    Path("model", "__init__.py").write_text("import nothing_of_that_name\n", encoding="utf-8")


@pytest.mark.parametrize("make", [user_file, user_folder, user_package])
def test_a_file_of_the_users_does_not_hide_the_model_package(make: object) -> None:
    assert callable(make)
    make()
    done = python("-m", "litdb", "model", "--help")
    assert done.returncode == 0, done.stderr
    assert "in-house network" in done.stdout


@pytest.mark.parametrize("make", [user_file, user_package])
def test_one_that_python_was_told_to_find_first_is_named_in_a_sentence(make: object) -> None:
    assert callable(make)
    make()
    done = python("-m", "litdb", "model", "--help", path=os.pathsep.join((".", str(CHECKOUT))))
    assert done.returncode == 1
    assert done.stderr.startswith("Error: `litdb model` comes from the package litdb-sota")
    assert "model" + os.sep in done.stderr or "model.py" in done.stderr
    assert "rename that" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_checkout_that_is_not_installed_runs_from_its_folder() -> None:
    checkout = Path("checkout")
    (checkout / "litdb").mkdir(parents=True)
    (checkout / "litdb" / "__init__.py").touch()
    main = CHECKOUT / "litdb" / "__main__.py"
    (checkout / "litdb" / "__main__.py").write_text(main.read_text(encoding="utf-8"), encoding="utf-8")
    said = "import sys\n\ndef main() -> None:\n    print(sys.path[0])\n"
    (checkout / "litdb" / "cli.py").write_text(said, encoding="utf-8")
    there = python("-m", "litdb", path="", cwd=checkout)
    assert there.stdout.strip() == str(checkout.resolve())
    elsewhere = python("-m", "litdb", path=str(checkout.resolve()))
    assert elsewhere.stdout.strip() == str(checkout.resolve())  # the working folder came before it


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise RuntimeError('first line.\\nsecond line')", "cannot be imported: first line; if"),
        ("def (", "cannot be imported: invalid syntax"),
        ("import nothing_of_that_name", "cannot be imported: No module named 'nothing_of_that_name'; if"),
        ("x = 1", "cannot be imported: module 'plugin_of_a_test' has no attribute 'app'; if"),
        ("app = None", "cannot be imported: "),
    ],
)
def test_a_command_whose_package_is_broken_is_one_sentence(
    litdb: Litdb, monkeypatch: pytest.MonkeyPatch, source: str, said: str
) -> None:
    Path("plugin_of_a_test.py").write_text(source + "\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(Path.cwd()))
    monkeypatch.delitem(sys.modules, "plugin_of_a_test", raising=False)
    entry = EntryPoint("plug", "plugin_of_a_test:app", "litdb.commands")
    monkeypatch.setattr(_root, "_installed", lambda: {"plug": entry})
    answer = litdb("plug", "--help")
    assert answer.code == 1
    assert said in answer.err
    assert answer.err.count("\n") == 1
    assert litdb("--help").code == 0  # the others are not affected


def test_a_package_that_an_extra_installs_is_named(litdb: Litdb, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("plugin_of_a_test.py").write_text("raise ModuleNotFoundError('no torch', name='torch.nn')\n")
    monkeypatch.syspath_prepend(str(Path.cwd()))
    monkeypatch.delitem(sys.modules, "plugin_of_a_test", raising=False)
    entry = EntryPoint("plug", "plugin_of_a_test:app", "litdb.commands")
    monkeypatch.setattr(_root, "_installed", lambda: {"plug": entry})
    answer = litdb("plug")
    assert answer.code == 2
    assert "pip install 'litdb-sota[model]'" in answer.err


@pytest.mark.parametrize(
    ("words", "example"),
    [
        (("why", "IMSE"), "litdb why IMSE PESQ"),
        (("site", "build"), "litdb site build "),
        (("models", "--nonsense"), "litdb models --params "),
    ],
)
def test_wrong_use_shows_how_the_command_is_called(
    litdb: Litdb, words: tuple[str, ...], example: str
) -> None:
    said = litdb(*words)
    assert said.code == 2
    assert f"(see `litdb {words[0]}" in said.err
    assert f"for example `{example}" in said.err
    assert ". (" not in said.err and len(said.err.strip().splitlines()) == 1
