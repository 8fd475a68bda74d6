"""What a packed part of a PDF unpacks to is counted before it is unpacked."""

from __future__ import annotations

import base64
import random
import zlib
from collections.abc import Callable

import pytest

from litdb.errors import TooLarge
from litdb.extract.limits import Deadline
from litdb.extract.pdf.streams import _lzw_size, check_streams


def lzw(data: bytes, early: int = 1) -> bytes:
    """Data packed as PDF 32000-1 (7.4.4) says: codes of 9 to 12 bits, the table cleared when it is full."""
    codes: list[tuple[int, int]] = []
    table: dict[bytes, int] = {}
    width, held = 9, b""

    def clear() -> None:
        nonlocal width
        codes.append((256, width))
        table.clear()
        table.update({bytes([byte]): byte for byte in range(256)})
        width = 9

    clear()
    entries = 258
    for byte in data:
        longer = held + bytes([byte])
        if longer in table:
            held = longer
            continue
        codes.append((table[held], width))
        table[longer] = entries
        entries += 1
        # The one who reads is an entry behind the one who writes.
        width = min(12, max(9, (entries - 1 + early).bit_length()))
        if entries == 4095:
            clear()
            entries = 258
        held = bytes([byte])
    codes.append((table[held], width))
    width = min(12, max(9, (entries + early).bit_length()))
    codes.append((257, width))
    bits = "".join(f"{code:0{size}b}" for code, size in codes)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[place : place + 8], 2) for place in range(0, len(bits), 8))


def part(filters: str, data: bytes) -> bytes:
    return (
        f"%PDF-1.4\n4 0 obj\n<< /Filter [{filters}] /Length {len(data)} >>\nstream\n".encode()
        + data
        + b"\nendstream endobj\n"
    )


@pytest.mark.parametrize("early", [0, 1])
@pytest.mark.parametrize("size", [1, 300, 5000, 60_000])
def test_the_size_of_what_is_packed_is_that_of_what_was(size: int, early: int) -> None:
    draw = random.Random(size)
    for data in (bytes(draw.choices(b"ab \n01", k=size)), draw.randbytes(size), b"A" * size):
        assert _lzw_size(lzw(data, early), early, Deadline()) == size


@pytest.mark.parametrize(
    ("filters", "pack"),
    [
        ("/LZWDecode", lzw),
        ("/ASCII85Decode /LZWDecode", lambda data: base64.a85encode(lzw(data)) + b"~>"),
        ("/AHx /LZW", lambda data: lzw(data).hex().encode() + b">"),
        ("/FlateDecode /LZWDecode", lambda data: zlib.compress(lzw(data))),
    ],
)
def test_a_part_that_unpacks_to_too_much_is_refused_whatever_is_above_it(
    filters: str, pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("litdb.extract.pdf.streams.MAX_PDF_STREAM", 50_000)
    check_streams(part(filters, pack(b"A" * 40_000)), "a.pdf", Deadline())
    with pytest.raises(TooLarge, match=r"a\.pdf: a part of it unpacks to more than 50,000 bytes"):
        check_streams(part(filters, pack(b"A" * 60_000)), "a.pdf", Deadline())


@pytest.mark.parametrize("data", [b"", b"\xff" * 100, bytes(range(256))])
def test_damaged_parts_are_left_to_the_reader(data: bytes) -> None:
    for filters in ("/LZWDecode", "/A85 /LZW", "/AHx /LZW", "/Fl /LZW"):
        check_streams(part(filters, data), "a.pdf", Deadline())
