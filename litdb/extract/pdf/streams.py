"""What the packed parts of a PDF unpack to, counted before PDFium unpacks them whole: some bytes can be gigabytes."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator

from litdb.errors import TooLarge
from litdb.extract.limits import MAX_PDF_STREAM, Deadline

_STREAM = re.compile(rb"stream\r?\n")
_PIECE = 1 << 16
#: How often one part may be packed again; PDFium follows any number.
_LAYERS = 4


def check_streams(data: bytes, name: str, deadline: Deadline) -> None:
    """Raise TooLarge for a PDF of which a part, packed by Flate once or several times, unpacks to more than a page can need."""
    for start in (found.end() for found in _STREAM.finditer(data)):
        deadline.check()
        layer: Iterable[bytes] = _pieces(data, start)
        for _ in range(_LAYERS):
            first, layer = _begun(_inflated(layer, name, deadline))
            if not _is_packed(first):
                break
        for _piece in layer:
            deadline.check()


def _pieces(data: bytes, start: int) -> Iterator[bytes]:
    view = memoryview(data)
    for place in range(start, len(data), _PIECE):
        yield bytes(view[place : place + _PIECE])


def _inflated(pieces: Iterable[bytes], name: str, deadline: Deadline) -> Iterator[bytes]:
    """What a packed part holds, a piece at a time, to where it ends or is no packed part any more."""
    unpacker = zlib.decompressobj()
    size = 0
    for piece in pieces:
        left = piece
        while left and not unpacker.eof:
            deadline.check()
            try:
                out = unpacker.decompress(left, _PIECE)
            except zlib.error:
                return
            left = unpacker.unconsumed_tail
            size += len(out)
            if size > MAX_PDF_STREAM:
                raise TooLarge(
                    f"{name}: a part of it unpacks to more than {MAX_PDF_STREAM:,} bytes; it is not read"
                )
            if out:
                yield out
        if unpacker.eof:
            return


def _begun(pieces: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first piece, and all of them."""
    first = next(pieces, b"")

    def again() -> Iterator[bytes]:
        if first:
            yield first
        yield from pieces

    return first, again()


def _is_packed(start: bytes) -> bool:
    """Whether bytes begin as zlib makes them begin."""
    return len(start) > 1 and start[0] & 0x0F == 8 and not (start[0] * 256 + start[1]) % 31
