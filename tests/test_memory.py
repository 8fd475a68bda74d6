"""Small files that unpack to much are refused before they take memory: each in a process that may hold no more."""

from __future__ import annotations

import gzip
import io
import resource
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: What the process may map; Python with litdb takes about 100 MB of it.
LIMIT = 450_000_000
UNPACKED = 600_000_000


def refused(code: str, limit: int = LIMIT) -> str:
    """The error class that code ends with, under a bound on memory."""
    program = (
        f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({limit}, {limit}))\n"
        f"from litdb.errors import LitdbError\ntry:\n    {code}\nexcept LitdbError as e: print(type(e).__name__)\n"
        "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; print(peak)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.split()[0]


def zeros(path: Path, size: int = UNPACKED) -> None:
    with gzip.open(path, "wb", compresslevel=1) as out:
        for _ in range(size // 1_000_000):
            out.write(bytes(1_000_000))


def test_a_gzip_of_much(tmp_path: Path) -> None:
    zeros(tmp_path / "a.gz")
    code = f"from litdb.sources.eprint import eprint_files; eprint_files(open({str(tmp_path / 'a.gz')!r}, 'rb').read())"
    assert refused(code) == "TooLarge"


def test_a_gzip_of_much_text(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.gz", "wb", compresslevel=1) as out:
        for _ in range(UNPACKED // 1_000_000):
            out.write(b"\\documentclass " * 66_666)
    code = f"from litdb.api import extract; extract({str(tmp_path / 'a.gz')!r})"
    assert refused(code) == "TooLarge"


def test_a_gzip_in_a_gzip(tmp_path: Path) -> None:
    zeros(tmp_path / "a.gz")
    (tmp_path / "b.gz").write_bytes(gzip.compress((tmp_path / "a.gz").read_bytes()))
    code = f"from litdb.api import extract; extract({str(tmp_path / 'b.gz')!r})"
    assert refused(code) == "TooLarge"


@pytest.mark.parametrize(
    "reader",
    ["from litdb.api import extract; extract", "from litdb.intake.run_folder import read_run; read_run"],
)
def test_a_long_extension_header(tmp_path: Path, reader: str) -> None:
    size = UNPACKED // 2
    head = tarfile.TarInfo("x")
    head.type, head.size = tarfile.XHDTYPE, size
    with gzip.open(tmp_path / "a.tar.gz", "wb", compresslevel=1) as out:
        out.write(head.tobuf())
        for _ in range(size // 1_000_000):
            out.write(b"9" * 1_000_000)
        out.write(tarfile.TarInfo("config.json").tobuf() + bytes(1024))
    path = str(tmp_path / "a.tar.gz")
    argument = f"__import__('pathlib').Path({path!r})"
    assert refused(f"{reader}({argument})") in ("TooLarge", "InputError")


def test_a_result_file_without_end(tmp_path: Path) -> None:
    sparse = tmp_path / "scores.csv"
    with sparse.open("wb") as out:
        out.truncate(5_000_000_000)
    assert (
        refused(f"from litdb.sources.files import read_file; read_file({str(sparse)!r})", 700_000_000)
        == "InputError"
    )


def test_a_checkpoint_that_is_packed(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02}q\x00.")
        archive.writestr("archive/data/0", bytes(UNPACKED))
    (tmp_path / "bomb.pth").write_bytes(buffer.getvalue())
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    code = f"from pathlib import Path; from model.stored.reading import read_safely; read_safely(Path({str(tmp_path / 'bomb.pth')!r}))"
    assert refused(code, 16_000_000_000) == "CheckpointError"
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(
        before, 900_000
    )  # torch itself takes most of it
