"""Files that commands write: whole, and never over a database or what they were made from."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from litdb._written import check_target, write_file
from litdb.errors import InputError, LitdbError, UsageError

DATABASE = b"SQLite format 3\0" + bytes(84)


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "table.md"
    write_file(path, "first\n")
    path.chmod(0o640)
    write_file(path, "second ü\n")
    assert path.read_bytes() == "second ü\n".encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in tmp_path.iterdir()] == ["table.md"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    link = tmp_path / "table.md"
    link.symlink_to(tmp_path / "far" / "real.md")
    write_file(link, "text")
    assert link.is_symlink()
    assert (tmp_path / "far" / "real.md").read_text() == "text"


@pytest.mark.parametrize("name", ["catalogue.db", "looks-like-text.md"])
def test_a_database_is_never_replaced(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(DATABASE)
    with pytest.raises(UsageError, match="is a database, and would be lost"):
        write_file(path, "text")
    assert path.read_bytes() == DATABASE


def test_what_was_read_is_never_replaced(tmp_path: Path) -> None:
    draft, link = tmp_path / "draft.tex", tmp_path / "other.sarif"
    draft.write_text("the draft")
    link.symlink_to(draft)
    for path in (draft, link):
        with pytest.raises(UsageError, match="is what was read"):
            write_file(path, "findings", made_from=(draft, tmp_path / "missing.bib"))
    assert draft.read_text() == "the draft"


def test_places_where_no_file_can_be(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "no" / "table.md"):
        with pytest.raises(InputError, match=r"is a folder|is not a folder"):
            check_target(path)
    with pytest.raises(LitdbError):
        write_file(Path("/dev/full"), "text")


def test_a_stream_is_written_as_it_comes() -> None:
    code = "from pathlib import Path; from litdb._written import write_file; write_file(Path('/dev/stdout'), 'text')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "text"
    assert os.path.exists("/dev/stdout")
