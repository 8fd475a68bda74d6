"""Small files that unpack to much are refused before they take memory: each in a process that may hold no more."""

from __future__ import annotations

import gzip
import io
import resource
import subprocess
import sys
import tarfile
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from litdb.errors import InputError
from litdb.sources.json_items import json_items

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


@pytest.mark.parametrize("item", [b"[]", b"{}", b"1e1", b'""'])
def test_json_that_takes_up_many_times_its_length(item: bytes, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(
        b'{"a":[' + b",".join([item] * (60_000_000 // (len(item) + 1))) + b"]}"
    )
    code = f"from litdb.intake.run_folder import read_run; read_run(__import__('pathlib').Path({str(tmp_path)!r}))"
    assert refused(code, 700_000_000) == "InputError"


def _pdf(content: bytes, filters: str) -> bytes:
    """A PDF of one page whose content is packed."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(content), filters.encode(), content),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + b"xref\n0 5\n0000000000 65535 f \n" + table + end


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_a_pdf_whose_page_is_packed(layers: int, tmp_path: Path) -> None:
    packer = zlib.compressobj(9)
    content = (
        b"".join(packer.compress(b" " * 1_000_000) for _ in range(UNPACKED // 1_000_000)) + packer.flush()
    )
    for _ in range(layers - 1):
        content = zlib.compress(content, 9)
    (tmp_path / "a.pdf").write_bytes(_pdf(content, "/FlateDecode" * layers))
    code = f"from litdb.api import extract; extract({str(tmp_path / 'a.pdf')!r})"
    assert refused(code) == "TooLarge"


def test_a_pdf_whose_page_is_packed_as_usual_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(_pdf(zlib.compress(b" " * 1_000_000, 9), "/FlateDecode"))
    code = f"from litdb.api import extract; print(len(extract({str(tmp_path / 'a.pdf')!r}).readings))"
    assert refused(code, 2_000_000_000) == "0"


def test_a_file_of_names_without_end(tmp_path: Path) -> None:
    sparse = tmp_path / "names.txt"
    with sparse.open("wb") as out:
        out.truncate(5_000_000_000)
    assert refused(f"from litdb.cli._shared import names; names('@' + {str(sparse)!r})") == "InputError"


def test_a_dump_of_trackers_that_is_blank(tmp_path: Path) -> None:
    """Two hundred million blanks after the bracket: skipped in less than a second, not in a minute."""
    with gzip.open(tmp_path / "a.json.gz", "wb", compresslevel=1) as out:
        out.write(b"[")
        for _ in range(200):
            out.write(b" " * 1_000_000)
    begun = time.process_time()
    with pytest.raises(InputError, match="cut short"):
        list(json_items(tmp_path / "a.json.gz"))
    assert time.process_time() - begun < 5


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
