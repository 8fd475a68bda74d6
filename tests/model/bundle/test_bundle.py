"""Wheels for a machine without internet. pip is replaced where its process would begin."""

import itertools
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import pytest

from model.bundle.collect import SOURCE_ONLY
from model.bundle.needed import missing
from model.bundle.target import Target, tags, this_platform
from model.errors import ModelError, ModelUsageError
from tests.cli.conftest import Litdb
from tests.cli.conftest import home as home
from tests.cli.conftest import litdb as litdb

LINUX = Target("manylinux_2_28_x86_64", "3.12")


def wheel(folder: Path, name: str, *needs: str, tag: str = "py3-none-any") -> Path:
    """A wheel of nothing but its metadata."""
    path = folder / f"{name}-1.0-{tag}.whl"
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        "Version: 1.0",
        *(f"Requires-Dist: {n}" for n in needs),
    ]
    with ZipFile(path, "w") as content:
        content.writestr(f"{name}-1.0.dist-info/METADATA", "\n".join(lines))
    return path


class Pip:
    """What pip would do: it knows some projects, and judges conditions by this machine, which it takes for macOS."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.code = 0
        self.knows = {"numpy": (), "torch": ("nvidia-cublas", "numpy"), "nvidia-cublas": ("nvidia-jit",)}
        self.knows |= dict.fromkeys(
            ("nvidia-jit", "cython", "pytest-runner", "setuptools", "wheel", "only-312"), ()
        )

    def __call__(self, command: list[str], **_how: object) -> SimpleNamespace:
        self.commands.append(command)
        words = command[command.index("pip") + 1 :]
        folder = Path(words[words.index("--wheel-dir" if words[0] == "wheel" else "--dest") + 1])
        if self.code == 0 and words[0] == "wheel":
            needs = [
                'numpy', 'torch>=2.5; extra == "model"', 'pesq>=0.0.4; extra == "model"', 'psycopg; extra == "postgres"',
                'only-312; python_version == "3.12"', 'old; python_version < "3.12"', 'win; sys_platform == "win32"',
            ]  # fmt: skip
            wheel(folder, "litdb_sota", *needs)
        elif self.code == 0 and "--no-binary" in words:
            (folder / "pesq-0.0.4.tar.gz").write_bytes(b"source")
        elif self.code == 0:
            for word in words:
                if (name := re.split(r"[><=]", word)[0]) in self.knows:
                    condition = '; platform_system == "Linux"'
                    wheel(folder, name.replace("-", "_"), *(f"{n}{condition}" for n in self.knows[name]))
        return SimpleNamespace(returncode=self.code)


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> Pip:
    found = Pip()
    monkeypatch.setattr(subprocess, "run", found)
    return found


def test_for_a_machine_like_this_pip_builds_all_wheels(litdb: Litdb, home: Path, pip: Pip) -> None:
    said = litdb("model", "bundle", "wheels")
    assert said.code == 0, said.err
    ((python, *words),) = pip.commands
    assert python == sys.executable
    assert words[:4] == ["-m", "pip", "wheel", "--quiet"]
    assert words[-1].endswith("[model]")
    assert "--constraint" in words
    assert "1 files, 0 MB" in said.out
    assert "there: pip install --no-index --find-links wheels 'litdb-sota[model]'" in said.out
    assert (home / "wheels" / "SHA256SUMS").read_text().endswith("  litdb_sota-1.0-py3-none-any.whl\n")
    assert said.err.startswith(f"{sys.executable} -m pip wheel --quiet --wheel-dir wheels --constraint ")


def test_for_another_machine_its_wheels_are_downloaded(litdb: Litdb, home: Path, pip: Pip) -> None:
    """With what only that machine needs, though pip, judging by this one, leaves it out."""
    words = ["--platform", "manylinux_2_17_x86_64", "--python", "3.12", "--cuda", "12.6", "--json"]
    said = litdb("model", "bundle", "wheels", *words)
    assert said.code == 0, said.err
    own, source, *downloads = pip.commands
    assert own[4:] == ["--quiet", "--no-deps", "--wheel-dir", "wheels", own[-1]]
    index = ["--extra-index-url", "https://download.pytorch.org/whl/cu126"]
    assert source[3:10] == ["download", "--quiet", "--no-deps", "--no-binary", "pesq", "--dest", "wheels"]
    assert source[-3:] == [*index, "pesq>=0.0.4"]
    first = downloads[0][3:]
    assert first[:8] == [
        "download", "--quiet", "--only-binary=:all:", "--implementation", "cp", "--python-version", "3.12",
        "--platform",
    ]  # fmt: skip
    platforms = [word for before, word in itertools.pairwise(first) if before == "--platform"]
    assert platforms == tags("manylinux_2_17_x86_64")
    asked = [command[command.index(index[1]) + 1 :] for command in downloads]
    assert asked == [
        ["numpy", "only-312", "torch>=2.5"],
        ["cython", "nvidia-cublas", "pytest-runner", "setuptools", "wheel"],
        ["nvidia-jit"],
    ]
    names = {entry["file"].split("-")[0] for entry in json.loads(said.out)}
    assert names == {name.replace("-", "_") for name in pip.knows} | {"litdb_sota", "pesq"}
    assert len(said.err.splitlines()) == len(pip.commands)  # each command as it was run
    assert (
        "--python-version 3.12 --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64" in said.err
    )


def test_a_source_is_said_to_be_built_there_and_a_mirror_is_used(litdb: Litdb, home: Path, pip: Pip) -> None:
    words = ["--python", "3.12", "--cuda", "cpu", "--cuda-index", "https://mirror/whl/"]
    said = litdb("model", "bundle", "wheels", *words)
    assert "pesq-0.0.4.tar.gz is source: it is built there, which needs a C compiler" in said.out
    assert "https://mirror/whl/cpu" in pip.commands[-1]
    assert tags(this_platform())[0] in pip.commands[-1]


def test_what_cannot_be_had_is_named(litdb: Litdb, home: Path, pip: Pip) -> None:
    del pip.knows["nvidia-jit"]
    said = litdb("model", "bundle", "wheels", "--platform", "manylinux_2_28_x86_64", "--python", "3.12")
    assert (said.code, "wheels still lacks nvidia-jit; add their wheels" in said.err) == (1, True), said.err
    pip.code = 3
    said = litdb("model", "bundle", "other")
    assert (said.code, "pip wheel failed with exit code 3" in said.err) == (1, True)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("--platform solaris_2_11_x86_64", "--platform takes a tag such as manylinux_2_28_x86_64"),
        ("--platform macosx_arm64", "--platform takes a tag"),
        ("--python 2.7", "--python takes a version such as 3.12, not '2.7'"),
        ("--cuda new", "--cuda takes a version such as 12.6"),
    ],
)
def test_a_machine_there_is_not_is_refused(litdb: Litdb, home: Path, pip: Pip, words: str, hint: str) -> None:
    said = litdb("model", "bundle", "wheels", *words.split())
    assert (said.code, hint in said.err, pip.commands) == (2, True, []), said.err
    assert not (home / "wheels").exists()


def test_a_platform_takes_the_wheels_of_older_ones() -> None:
    found = tags("manylinux_2_17_aarch64")
    assert found[:3] == ["manylinux_2_17_aarch64", "manylinux2014_aarch64", "manylinux_2_16_aarch64"]
    assert found[-3:] == ["manylinux_2_5_aarch64", "manylinux1_aarch64", "linux_aarch64"]
    assert tags("win_amd64") == ["win_amd64"]


@pytest.mark.parametrize(
    ("platform", "markers"),
    [
        ("manylinux_2_28_aarch64", ("linux", "Linux", "posix", "aarch64")),
        ("manylinux2014_x86_64", ("linux", "Linux", "posix", "x86_64")),
        ("macosx_14_0_arm64", ("darwin", "Darwin", "posix", "arm64")),
        ("win_amd64", ("win32", "Windows", "nt", "AMD64")),
    ],
)
def test_conditions_are_judged_by_the_other_machine(platform: str, markers: tuple[str, ...]) -> None:
    found = Target(platform, "3.13").markers()
    keys = ("sys_platform", "platform_system", "os_name", "platform_machine")
    assert tuple(found[key] for key in keys) == markers
    assert found["python_version"] == "3.13"


@pytest.fixture
def lacking(tmp_path: Path) -> Callable[[str], list[str]]:
    return lambda project: [
        str(need) for need in missing(tmp_path, project, LINUX.markers(), {"deep": ("tool",)})
    ]


def test_extras_are_followed_and_files_count_by_their_names(
    tmp_path: Path, lacking: Callable[[str], list[str]]
) -> None:
    assert lacking("top[a]") == ["top[a]"]
    wheel(tmp_path, "top", 'Some.Thing[b]>=2; extra == "a"', 'other; extra == "c"')
    assert lacking("top") == []
    assert lacking("top[a]") == ["Some.Thing[b]>=2"]
    wheel(tmp_path, "some_thing", 'deep; extra == "b"', "top[c]", tag="cp312-cp312-manylinux_2_17_x86_64")
    assert lacking("top[a]") == ["deep", "other"]
    (tmp_path / "deep-1.tar.gz").write_bytes(b"")
    wheel(tmp_path, "other")
    assert lacking("top[a]") == ["tool"]  # what `deep` is built with
    wheel(tmp_path, "tool")
    assert lacking("top[a]") == []


def test_half_a_wheel_is_named(tmp_path: Path, lacking: Callable[[str], list[str]]) -> None:
    (tmp_path / "top-1.0-py3-none-any.whl").write_bytes(b"PK")
    with pytest.raises(ModelError, match=r"top-1.0-py3-none-any\.whl is not a whole wheel"):
        lacking("top")


def test_versions_of_cuda_are_said_in_either_way() -> None:
    assert Target(cuda="12.6").index_words() == Target(cuda="cu126").index_words()
    assert Target().index_words() == []
    with pytest.raises(ModelUsageError):
        Target(cuda="12")
    assert set(SOURCE_ONLY) == {"pesq"}
