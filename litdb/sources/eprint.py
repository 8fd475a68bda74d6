r"""E-print archives, read in memory and within bounds.

arXiv serves a source as tar.gz, as one gzipped file, or as the PDF when there is nothing else. Archives come
from strangers: nothing is ever written to disk, names that leave the archive's folder are left out, as are
links and devices, and the size of everything is bounded before it is unpacked.
"""

from __future__ import annotations

import gzip
import io
import re
import struct
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Literal

from litdb.errors import InputError, LitdbError, TooLarge
from litdb.sources.types import says_withdrawn

EprintKind = Literal["latex", "pdf-only", "no-tex", "notice", "encoding"]

# Text by its bytes but never read: figures and fonts.
_NOT_READ = frozenset(
    {".eps", ".ps", ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".pfb", ".pfa", ".zip", ".gz"}
)
_TEX_SUFFIXES = frozenset({".tex", ".ltx", ".latex"})
_TEX_NAME = re.compile(r"\.(?:tex|ltx|latex)$", re.IGNORECASE)
_NO_TEXT = "not text"
_TEX_MARK = re.compile(r"\\(?:documentclass|documentstyle|begin\s*\{document\}|bye\b|magnification|input\b)")
#: Longest text that can be a notice of why there is no paper.
_NOTICE = 4000
_BLOCK = 512
_PROBE = 8192
_EXTENSION_TYPES = frozenset(
    {
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
    }
)
_EXTENSION = 16_384  # bytes of one extension header; macOS puts a few thousand of attributes in
_ALL_EXTENSIONS = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what an archive may hold; a paper's source has some dozen files and a few megabytes."""

    members: int = 5_000
    unpacked: int = 512_000_000
    """Bytes, all members and headers together."""
    member: int = 16_000_000
    """Bytes of one text; a longer one is left out."""
    packed: int = 200_000_000
    """Bytes of an archive that was packed a second time."""
    text: int = 64_000_000
    """Bytes of all texts together."""


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A member that was left out, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class EprintFiles:
    """What an e-print holds."""

    kind: EprintKind
    files: Mapping[str, str]
    """Texts by relative name (slashes, no `..`), line ends as \\n."""
    skipped: tuple[Skipped, ...] = ()


def eprint_files(data: bytes, limits: Limits = DEFAULT_LIMITS) -> EprintFiles:
    """Read an e-print: tar, tar.gz, a single file gzipped or plain, or a PDF (recognised by content, not by name).

    Texts are decoded as UTF-8, else as Latin-1. Figures, fonts and binary files are left out, as are
    AppleDouble files (`._name`), links, devices and names outside the archive.

    Raises:
        InputError: the bytes are damaged (a truncated gzip or tar).
        TooLarge: a bound of `limits` is passed.
    """
    if not data:
        raise InputError("the e-print is empty")
    try:
        return _read(data, limits)
    except LitdbError:
        raise
    except (EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError) as error:
        raise InputError(f"the e-print is damaged ({error})") from error
    except (RecursionError, ValueError, OverflowError, LookupError, struct.error, OSError) as error:
        # tarfile raises these on headers with false lengths.
        raise InputError(f"the e-print's headers make no sense ({type(error).__name__})") from error


def may_be_eprint(data: bytes) -> bool:
    """Whether bytes can be what arXiv serves as an e-print, by their first ones: an archive, a PDF, PostScript, TeX."""
    head = data[:_PROBE]
    if head.startswith((b"\x1f\x8b", b"%!PS")) or b"%PDF-" in head[:1024] or _is_tar(head):
        return True
    return _TEX_MARK.search(data[:1_000_000].decode("latin-1")) is not None


def safe_name(name: str) -> str | None:
    """A member's name as a relative path with slashes, or None when it leaves the folder or is no text."""
    if (
        not name
        or name.startswith(("/", "~"))
        or "\\" in name
        or re.search(r"[\x00-\x1f\x7f]|^[A-Za-z]:", name)
    ):
        return None
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if not parts or ".." in parts or len(name) > 1000:
        return None
    try:
        name.encode()
    except UnicodeEncodeError:  # bytes that are no text came through as surrogates
        return None
    return "/".join(parts)


class _Bounded(io.RawIOBase):
    """A reader that counts the bytes and stops at `limit`."""

    def __init__(self, inner: IO[bytes], limit: int) -> None:
        super().__init__()
        self._inner = inner
        self._left = limit
        self._limit = limit

    def read(self, size: int = -1) -> bytes:
        wanted = self._left + 1 if size < 0 else min(size, self._left + 1)
        data = self._inner.read(wanted)
        self._left -= len(data)
        if self._left < 0:
            raise TooLarge(f"the e-print unpacks to more than {self._limit:,} bytes; it is not read")
        return data

    def readable(self) -> bool:
        return True


def _read(data: bytes, limits: Limits, depth: int = 0) -> EprintFiles:
    head = data[:_PROBE]
    if head.startswith(b"\x1f\x8b"):
        head = gzip.GzipFile(fileobj=io.BytesIO(data)).read(_PROBE)
    if head.startswith(b"\x1f\x8b") and depth == 0 and data.startswith(b"\x1f\x8b"):
        # Some servers compress the answer a second time.
        return _read(_whole(data, limits, limits.packed), limits, depth=1)
    if _is_tar(head):
        return _read_tar(_bounded(data, limits), limits)
    if b"%PDF-" in head[:1024]:
        return EprintFiles("pdf-only", {})
    content = _whole(data, limits, limits.member)
    text = decode_text(content)
    if (
        text is None
        or text.startswith("%!PS")
        or re.match(r"\s*<(?:!doctype|html|\?xml)", text, re.IGNORECASE)
    ):
        return EprintFiles("no-tex", {})
    if "\\" in text:
        return EprintFiles("latex", {"main.tex": text})
    return _without_tex({"notice.txt": text})


def _without_tex(texts: Mapping[str, str], skipped: tuple[Skipped, ...] = ()) -> EprintFiles:
    """An e-print whose texts are no TeX: one short text says why there is no paper."""
    if len(texts) == 1 and all(_is_notice(text) for text in texts.values()):
        return EprintFiles("notice", texts, skipped)
    return EprintFiles("no-tex", {}, skipped)


def _is_notice(text: str) -> bool:
    """Whether a text that is no TeX says that there is no paper; arXiv marks its own so."""
    return len(text) <= _NOTICE and (text.lstrip().startswith("%auto-ignore") or says_withdrawn(text))


def _whole(data: bytes, limits: Limits, most: int) -> bytes:
    """All of a single file, piece by piece, so that no more than what is allowed is ever held."""
    stream = _bounded(data, limits)
    parts: list[bytes] = []
    size = 0
    while part := stream.read(1 << 20):
        size += len(part)
        if size > most:
            raise TooLarge(f"the e-print is one file of more than {most:,} bytes; it is not read")
        parts.append(part)
    return b"".join(parts)


def _bounded(data: bytes, limits: Limits) -> _Bounded:
    raw = io.BytesIO(data)
    inner: IO[bytes] = gzip.GzipFile(fileobj=raw) if data.startswith(b"\x1f\x8b") else raw  # type: ignore[assignment]
    return _Bounded(inner, limits.unpacked)


def _is_tar(head: bytes) -> bool:
    if len(head) < _BLOCK:
        return False
    if not any(head[:_BLOCK]):
        return not any(head)  # an empty tar
    try:
        tarfile.TarInfo.frombuf(head[:_BLOCK], "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError):
        return False
    return True


def careful_member() -> type[tarfile.TarInfo]:
    """A member class that refuses long extension headers.

    tarfile reads such a header (a long name, PAX records) whole, and searches it with patterns whose time
    grows with the square of its length: a few hundred compressed bytes would cost minutes.
    """
    left = _ALL_EXTENSIONS

    class Member(tarfile.TarInfo):
        def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
            nonlocal left
            if self.type in _EXTENSION_TYPES:
                left -= self.size
                if self.size > _EXTENSION or left < 0:
                    raise TooLarge("the e-print's archive has headers of unheard-of length; it is not read")
            member: tarfile.TarInfo = super()._proc_member(archive)  # type: ignore[misc]
            return member

    return Member


def _read_tar(stream: _Bounded, limits: Limits) -> EprintFiles:
    files: dict[str, str] = {}
    skipped: list[Skipped] = []
    left = limits.text
    has_pdf = False
    # Stream mode: members come in order, and only the texts are kept.
    with tarfile.open(fileobj=stream, mode="r|", errorlevel=1, tarinfo=careful_member()) as archive:
        for count, member in enumerate(archive, start=1):
            if count > limits.members:
                raise TooLarge(f"the e-print has more than {limits.members:,} members; it is not read")
            name = safe_name(member.name)
            has_pdf = has_pdf or (name or "").lower().endswith(".pdf")
            reason = _why_not(member, name, limits)
            if name is None or reason is not None:
                if reason:
                    skipped.append(Skipped(member.name.encode("utf-8", "replace").decode(), reason))
                continue
            source = archive.extractfile(member)
            content = source.read() if source is not None else b""
            if len(content) != member.size:
                raise EOFError("it ends within a member")
            text = decode_text(content)
            if text is None:
                skipped.append(Skipped(name, _NO_TEXT))
                continue
            left -= len(content)
            if left < 0:
                raise TooLarge(f"the e-print has more than {limits.text:,} bytes of text; it is not read")
            files[name] = text  # as when unpacking, the last of two members with one name counts
    _drain(stream)
    if any(_is_tex(name, text) for name, text in files.items()):
        return EprintFiles("latex", files, tuple(skipped))
    if has_pdf:
        return EprintFiles("pdf-only", {}, tuple(skipped))
    if any(entry.reason == _NO_TEXT and _TEX_NAME.search(entry.name) for entry in skipped):
        return EprintFiles("encoding", {}, tuple(skipped))
    return _without_tex(files, tuple(skipped))


def _why_not(member: tarfile.TarInfo, name: str | None, limits: Limits) -> str | None:
    """Why a member is left out: a sentence for the list, "" for folders, None when it is to be read."""
    if member.isdir():
        return ""
    if name is None:
        return "its name leads out of the archive"
    if not member.isreg() or member.issparse():
        return "a link, a device or a sparse file"
    base = PurePosixPath(name).name
    if base.startswith("._") or name.startswith("__MACOSX/"):
        return "an AppleDouble file"
    if PurePosixPath(name).suffix.lower() in _NOT_READ:
        return "a figure or font"
    if member.size > limits.member:
        return f"longer than {limits.member:,} bytes"
    return None


def _drain(stream: _Bounded) -> None:
    """Read what follows the archive, so that a truncated gzip is noticed (its checksum comes last)."""
    try:
        while stream.read(1 << 20):
            pass
    except gzip.BadGzipFile as error:
        if "Not a gzipped file" not in str(error):  # bytes after the end, which gzip itself ignores
            raise


def decode_text(content: bytes) -> str | None:
    """Text of a file: UTF-8 (with or without mark), UTF-16 with its mark, else Latin-1; None when the bytes are no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return _lines(content.decode("utf-16"))
        except UnicodeDecodeError:
            return None
    if b"\x00" in content[:_PROBE]:
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return _lines(text)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_tex(name: str, text: str) -> bool:
    suffix = PurePosixPath(name).suffix.lower()
    return suffix in _TEX_SUFFIXES or (suffix in ("", ".txt") and _TEX_MARK.search(text) is not None)
