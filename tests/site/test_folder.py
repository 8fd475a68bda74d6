"""The folder of a site: all or nothing, nothing that is not the site's, and no page that is gone."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from litdb.errors import InputError, LitdbError
from litdb.site.folder import MANIFEST, check_folder, write_site

ONE = [("index.html", b"one"), ("m/a.html", b"a"), ("m/b.html", b"b")]


def listed(out: Path) -> set[str]:
    return {
        file.relative_to(out).as_posix()
        for file in out.rglob("*")
        if file.is_file() and not file.name.startswith(".litdb-site")
    }


def test_a_new_site_is_written_and_a_second_time_changes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "a" / "site"
    done = write_site(out, ONE)
    assert (done.files, done.size, done.changed, done.removed) == (3, 5, 3, 0)
    before = (out / "m/a.html").stat().st_mtime_ns
    again = write_site(out, ONE)
    assert (again.changed, again.removed) == (0, 0)
    assert (out / "m/a.html").stat().st_mtime_ns == before
    assert listed(out) == {"index.html", "m/a.html", "m/b.html"}


def test_pages_that_are_gone_are_removed_with_their_folder(tmp_path: Path) -> None:
    write_site(tmp_path, ONE)
    done = write_site(tmp_path, [("index.html", b"two")])
    assert (done.changed, done.removed) == (1, 2)
    assert listed(tmp_path) == {"index.html"}
    assert not (tmp_path / "m").exists()


def test_files_of_others_in_a_former_site_are_left_alone(tmp_path: Path) -> None:
    write_site(tmp_path, ONE)
    (tmp_path / "CNAME").write_text("example.org")
    (tmp_path / "m" / "mine.txt").write_text("mine")
    write_site(tmp_path, ONE[:1])
    assert listed(tmp_path) == {"index.html", "CNAME", "m/mine.txt"}


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("all my work")
    with pytest.raises(InputError, match=r"thesis\.tex"):
        write_site(tmp_path, ONE)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_of_others_that_has_the_name_of_a_page_is_not_overwritten(tmp_path: Path) -> None:
    write_site(tmp_path, ONE[:1])
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "a.html").write_text("mine")
    with pytest.raises(InputError, match="not of the site"):
        write_site(tmp_path, [("index.html", b"other"), *ONE[1:]])
    assert (tmp_path / "m" / "a.html").read_text() == "mine"
    assert (tmp_path / "index.html").read_bytes() == b"one"


def test_a_build_that_fails_changes_nothing(tmp_path: Path) -> None:
    write_site(tmp_path, ONE)

    def failing() -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"new"
        raise ValueError("a fault")

    with pytest.raises(ValueError, match="a fault"):
        write_site(tmp_path, failing())
    assert (tmp_path / "index.html").read_bytes() == b"one"
    assert listed(tmp_path) == {"index.html", "m/a.html", "m/b.html"}
    assert not (tmp_path / ".litdb-site.new").exists()


def test_what_a_killed_build_left_is_cleared(tmp_path: Path) -> None:
    write_site(tmp_path, ONE)
    (tmp_path / ".litdb-site.new").mkdir()
    (tmp_path / ".litdb-site.new" / "left.html").write_text("half")
    write_site(tmp_path, ONE)
    assert not (tmp_path / ".litdb-site.new").exists()


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "[]",
        "{}",
        '{"files": 3}',
        '{"files": ["../thesis.tex"]}',
        '{"files": ["/etc/passwd"]}',
        "[" * 100_000,
    ],
)
def test_a_list_of_files_that_cannot_be_one_is_refused(tmp_path: Path, manifest: str) -> None:
    out = tmp_path / "site"
    write_site(out, ONE)
    (tmp_path / "thesis.tex").write_text("all my work")
    (out / MANIFEST).write_text(manifest)
    with pytest.raises(InputError):
        write_site(out, ONE[:1])
    assert (tmp_path / "thesis.tex").exists()
    assert listed(out) == {"index.html", "m/a.html", "m/b.html"}


def test_nothing_is_written_or_removed_through_a_link(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    write_site(out, ONE)
    elsewhere.mkdir()
    (elsewhere / "a.html").write_text("mine")
    (elsewhere / "b.html").write_text("mine")
    for file in (out / "m").iterdir():
        file.unlink()
    (out / "m").rmdir()
    (out / "m").symlink_to(elsewhere)
    with pytest.raises(InputError):
        write_site(out, ONE)
    write_site(out, ONE[:1])
    assert {file.read_text() for file in elsewhere.iterdir()} == {"mine"}
    link = tmp_path / "link"
    link.symlink_to(out)
    with pytest.raises(InputError):
        check_folder(link)


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("x")
    with pytest.raises(InputError, match="no folder"):
        write_site(tmp_path / "site", ONE)


def test_two_builds_at_once_are_refused(tmp_path: Path) -> None:
    write_site(tmp_path, ONE)
    with FileLock(tmp_path / ".litdb-site.lock"), pytest.raises(LitdbError, match="another"):
        write_site(tmp_path, ONE)


def test_the_list_of_files_is_complete(tmp_path: Path) -> None:
    write_site(tmp_path, ONE)
    assert set(json.loads((tmp_path / MANIFEST).read_text())["files"]) == listed(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="may not be written"):
        check_folder(tmp_path / "site")
