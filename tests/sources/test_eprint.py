"""Archives from strangers: what is read, what is left out, what is refused."""

from __future__ import annotations

import gzip
import io
import tarfile
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litdb.errors import InputError, LitdbError, TooLarge
from litdb.sources.eprint import Limits, eprint_files, safe_name
from tests.support.replay import tar_gz

MAIN = "\\documentclass{article}\n\\begin{document}\nText.\n\\end{document}\n"


def raw_tar(*members: tuple[tarfile.TarInfo, bytes], **options: int) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=options.get("format", tarfile.PAX_FORMAT)) as archive:
        for member, content in members:
            member.size = len(content) if member.isreg() else 0
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def test_reads_every_text_of_an_archive_by_its_relative_name() -> None:
    read = eprint_files(
        tar_gz(
            {
                "./main.tex": MAIN,
                "tables/results.tex": "a\r\nb\rc\n",
                "refs.bbl": "x",
                "fig/net.png": b"\x89PNG\x00",
                "fig/plot.eps": "%!PS-Adobe",
                "blob.dat": b"\x00\x01",
                "._main.tex": b"\x00\x05\x16\x07",
                "__MACOSX/._x.tex": "x",
            }
        )
    )
    assert read.kind == "latex"
    assert read.files == {"main.tex": MAIN, "tables/results.tex": "a\nb\nc\n", "refs.bbl": "x"}
    assert {item.name for item in read.skipped} == {
        "fig/net.png",
        "fig/plot.eps",
        "blob.dat",
        "._main.tex",
        "__MACOSX/._x.tex",
    }


@pytest.mark.parametrize(
    "wrap",
    [lambda data: data, lambda data: gzip.compress(data), lambda data: gzip.compress(gzip.compress(data))],
    ids=["plain", "gzip", "gzip twice"],
)
def test_reads_tar_and_single_file_however_often_they_are_compressed(wrap: Callable[[bytes], bytes]) -> None:
    assert eprint_files(wrap(raw_tar((member("a.tex"), MAIN.encode())))).files == {"a.tex": MAIN}
    assert eprint_files(wrap(MAIN.encode())).files == {"main.tex": MAIN}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("% Müller\n\\bye".encode(), "% Müller\n\\bye"),
        ("% Müller\n\\bye".encode("latin-1"), "% Müller\n\\bye"),
        (b"\xef\xbb\xbf\\bye", "\\bye"),
    ],
)
def test_decodes_utf8_else_latin1(content: bytes, text: str) -> None:
    assert eprint_files(gzip.compress(content)).files == {"main.tex": text}


@pytest.mark.parametrize("wrap", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n\x00binary", "pdf-only"),
        (b"\n%PDF-1.4 late", "pdf-only"),
        (b"%!PS-Adobe-3.0\n\\x", "no-tex"),
        (b"<!DOCTYPE html><p>\\withdrawn</p>", "no-tex"),
        (b"nothing of use", "no-tex"),
        (b"\x00" * 3000, "no-tex"),
    ],
)
def test_says_what_an_eprint_without_tex_is(
    wrap: Callable[[bytes], bytes], content: bytes, kind: str
) -> None:
    read = eprint_files(wrap(content))
    assert (read.kind, read.files) == (kind, {})


def test_an_archive_with_a_pdf_and_no_tex_is_pdf_only() -> None:
    assert eprint_files(tar_gz({"paper.pdf": b"%PDF-1.5", "readme": "hello"})).kind == "pdf-only"
    assert eprint_files(tar_gz({"readme": "hello"})).kind == "no-tex"


@pytest.mark.parametrize(
    "name",
    ["../up.tex", "/etc/passwd", "a/../../b.tex", "C:/x.tex", "..\\x.tex", "~/x.tex", "a\nb.tex", ".."],
)
def test_names_that_leave_the_folder_are_left_out(name: str) -> None:
    read = eprint_files(raw_tar((member(name), b"\\evil"), (member("main.tex"), MAIN.encode())))
    assert read.files == {"main.tex": MAIN}
    assert len(read.skipped) == 1


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_are_left_out(kind: bytes) -> None:
    read = eprint_files(
        raw_tar((member("x.tex", kind, "/etc/passwd"), b""), (member("main.tex"), MAIN.encode()))
    )
    assert read.files == {"main.tex": MAIN}
    assert [item.name for item in read.skipped] == ["x.tex"]


def test_folders_are_no_finding() -> None:
    read = eprint_files(raw_tar((member("sub", tarfile.DIRTYPE), b""), (member("sub/a.tex"), MAIN.encode())))
    assert list(read.files) == ["sub/a.tex"]
    assert read.skipped == ()


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = gzip.compress(b"\\" + b" " * 30_000_000)
    assert len(bomb) < 40_000
    with pytest.raises(TooLarge, match="unpacks to more than"):
        eprint_files(bomb, Limits(unpacked=1_000_000))
    nested = gzip.compress(raw_tar((member("a.tex"), b" " * 5_000_000)))
    with pytest.raises(TooLarge, match="unpacks to more than"):
        eprint_files(nested, Limits(unpacked=1_000_000))


def test_too_many_members_and_too_much_text_are_refused() -> None:
    archive = tar_gz({f"{number}.tex": "\\x" * 50 for number in range(20)})
    with pytest.raises(TooLarge, match="more than 19 members"):
        eprint_files(archive, Limits(members=19))
    with pytest.raises(TooLarge, match="bytes of text"):
        eprint_files(archive, Limits(text=1999))
    assert len(eprint_files(archive, Limits(members=20, text=2000)).files) == 20


def test_one_long_text_is_left_out_and_the_rest_is_read() -> None:
    read = eprint_files(tar_gz({"main.tex": MAIN, "data.txt": "x" * 2000}), Limits(member=1000))
    assert list(read.files) == ["main.tex"]
    assert read.skipped[0].name == "data.txt"


def test_a_cut_archive_is_damaged_wherever_it_is_cut() -> None:
    archive = tar_gz({"main.tex": MAIN, "b.tex": "".join(chr(97 + number % 26) for number in range(3000))})
    for length in range(0, len(archive), 7):
        with pytest.raises(InputError):
            eprint_files(archive[:length])


def test_a_flipped_bit_is_noticed() -> None:
    archive = bytearray(tar_gz({"main.tex": MAIN}))
    archive[-6] ^= 1  # in the checksum
    with pytest.raises(InputError, match="damaged"):
        eprint_files(bytes(archive))


def test_bytes_after_the_end_of_the_gzip_do_not_matter() -> None:
    assert eprint_files(tar_gz({"main.tex": MAIN}) + b"trailing").files == {"main.tex": MAIN}


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=3000))
def test_any_bytes_give_files_or_one_of_our_errors(data: bytes) -> None:
    for wrapped in (data, gzip.compress(data), b"\x1f\x8b" + data):
        with suppress(LitdbError):
            assert eprint_files(wrapped, Limits(unpacked=100_000)).kind in {"latex", "pdf-only", "no-tex"}


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_tar_gives_files_or_one_of_our_errors(data: st.DataObject) -> None:
    layout = data.draw(st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT]))
    names = data.draw(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=60), max_size=4))
    kinds = st.sampled_from([tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.DIRTYPE, b"L", b"K", b"x", b"S"])
    members = [(member(name.replace("\x00", "_"), data.draw(kinds)), b"\\x" * 300) for name in names]
    try:
        archive = bytearray(raw_tar(*members, format=layout))
    except (ValueError, tarfile.TarError):
        return
    for _ in range(data.draw(st.integers(0, 6))):
        archive[data.draw(st.integers(0, len(archive) - 1))] = data.draw(st.integers(0, 255))
    with suppress(LitdbError):
        read = eprint_files(bytes(archive), Limits(unpacked=200_000))
        assert all(safe_name(name) == name for name in read.files)


@given(st.text(max_size=40))
def test_a_safe_name_stays_in_its_folder(name: str) -> None:
    safe = safe_name(name)
    if safe is not None:
        assert not safe.startswith("/")
        assert ".." not in safe.split("/")
        assert safe_name(safe) == safe


@pytest.mark.parametrize("kind", [b"x", b"g", b"L", b"K", b"X"])
@pytest.mark.parametrize("size", [70_000, 300_000_000])
def test_long_extension_headers_are_refused_at_once(kind: bytes, size: int) -> None:
    header = member("x", kind)
    header.size = size
    archive = header.tobuf(tarfile.USTAR_FORMAT) + b"1" * 71_680
    began = time.monotonic()
    with pytest.raises(TooLarge, match="headers"):
        eprint_files(gzip.compress(archive))
    assert time.monotonic() - began < 1.0


def test_long_names_and_attributes_within_reason_are_read() -> None:
    name = "/".join(["folder"] * 60) + "/main.tex"
    info = member(name)
    info.pax_headers = {"LIBARCHIVE.xattr.com.apple.metadata": "A" * 5000}
    assert list(eprint_files(raw_tar((info, MAIN.encode()))).files) == [name]
    assert list(eprint_files(raw_tar((member(name), MAIN.encode()), format=tarfile.GNU_FORMAT)).files) == [
        name
    ]


def test_a_chain_of_long_names_ends_in_an_error() -> None:
    header = member("././@LongLink", b"L")
    header.size = 5
    block = header.tobuf(tarfile.GNU_FORMAT) + b"name".ljust(512, b"\0")
    with pytest.raises(InputError):
        eprint_files(block * 3000)
