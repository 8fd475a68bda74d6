"""What the packed parts of a PDF unpack to, counted before PDFium unpacks them whole: some bytes can be gigabytes."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterable, Iterator

from litdb.errors import TooLarge
from litdb.extract.limits import MAX_PDF_STREAM, Deadline

_STREAM = re.compile(rb"stream\r?\n")
#: Names of filters in the dictionary in front of a part, which PDFium applies in their order.
_FILTERS = re.compile(rb"/(FlateDecode|Fl|LZWDecode|LZW|ASCII85Decode|A85|ASCIIHexDecode|AHx)\b")
#: How far back the dictionary of a part is looked for.
_DICTIONARY = 2048
_PIECE = 1 << 16
#: How often one part may be packed again; PDFium follows any number.
_LAYERS = 4


def check_streams(data: bytes, name: str, deadline: Deadline) -> None:
    """Raise TooLarge for a PDF of which a part, packed by Flate once or several times or by LZW, unpacks to more than a page
    can need. (PDFium itself stops at 20 MB of run lengths.)"""
    for found in _STREAM.finditer(data):
        start = found.end()
        deadline.check()
        before = data[max(0, found.start() - _DICTIONARY) : found.start()]
        filters = _FILTERS.findall(before[before.rfind(b" obj") + 1 :])
        if any(name.startswith(b"LZW") for name in filters):
            _check_lzw(data, start, filters, name, deadline)
            continue
        layer: Iterable[bytes] = _pieces(data, start)
        for _ in range(_LAYERS):
            first, layer = _begun(_inflated(layer, name, deadline))
            if not _is_packed(first):
                break
        for _piece in layer:
            deadline.check()


def _too_large(name: str) -> TooLarge:
    return TooLarge(f"{name}: a part of it unpacks to more than {MAX_PDF_STREAM:,} bytes; it is not read")


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
                raise _too_large(name)
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


def _check_lzw(data: bytes, start: int, filters: list[bytes], name: str, deadline: Deadline) -> None:
    """Raise TooLarge where a part that is packed by LZW, perhaps below other filters, unpacks to too much."""
    end = data.find(b"endstream", start)
    part = data[start : end if end >= 0 else len(data)]
    for kind in filters:
        if kind.startswith(b"LZW"):
            early = 0 if re.search(rb"/EarlyChange\s+0", data[max(0, start - _DICTIONARY) : start]) else 1
            if _lzw_size(part, early, deadline) > MAX_PDF_STREAM:
                raise _too_large(name)
            return
        try:
            if kind.startswith(b"Fl"):
                part = b"".join(_inflated(_pieces(part, 0), name, deadline))
            elif kind in (b"ASCII85Decode", b"A85"):
                part = base64.a85decode(part.partition(b"~>")[0].strip())
            else:
                part = bytes.fromhex(part.partition(b">")[0].decode("ascii"))
        except ValueError:
            return  # it is damaged, and PDFium unpacks nothing of it


def _lzw_size(part: bytes, early: int, deadline: Deadline) -> int:
    """To how many bytes LZW unpacks, or how many more than MAX_PDF_STREAM it is known to be (PDF 32000-1, 7.4.4).

    `early` is one where codes grow longer one code early, as is usual.
    """
    sizes = [1] * 258  # of what each code stands for; 256 clears the table, 257 ends the part
    width, previous, total, held, bits = 9, 0, 0, 0, 0
    for place, byte in enumerate(part):
        if not place & 0xFFFF:
            deadline.check()
        held = (held << 8 | byte) & 0xFFFFF
        bits += 8
        if bits < width:
            continue
        bits -= width
        code = held >> bits & ((1 << width) - 1)
        if code == 257:
            break
        if code == 256:
            del sizes[258:]
            width, previous = 9, 0
            continue
        if code > len(sizes) or (code == len(sizes) and not previous):
            break  # it is damaged
        size = sizes[code] if code < len(sizes) else previous + 1
        total += size
        if total > MAX_PDF_STREAM:
            break
        if previous and len(sizes) < 4096:
            sizes.append(previous + 1)
        previous = size
        width = min(12, (len(sizes) + early).bit_length()) if len(sizes) + early >= 512 else 9
    return total
