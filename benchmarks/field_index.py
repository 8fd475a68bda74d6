"""The index of the field at a size: how long it takes to build, how large it is, how long searches take.

    python benchmarks/field_index.py 100000 [1000000]

Records are generated, with the measures of 106 real abstracts (1,198 characters, 183 words of which 109 differ, two fifths of
them words like "the"; packed one by one to 592 bytes): words drawn as often as words are (Zipf) from a vocabulary that grows
with the number of records, runs of words that come again as phrases do. A selective query is one of two
words that about one record in a thousand holds; a common one is of the most frequent words. Processor time and the load of
the machine are printed beside the time that passed.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from litdb.catalogue.index.field_index import FieldIndex
from litdb.catalogue.index.sought import Sought
from litdb.sources.field.listed import Listed

_SYLLABLES = [c + v + e for c in "bcdfglmnprstv" for v in "aeiou" for e in ("", "n", "r", "s")]
_COMMON = [
    "the",
    "of",
    "and",
    "to",
    "a",
    "in",
    "we",
    "for",
    "that",
    "is",
    "on",
    "this",
    "are",
    "with",
    "as",
    "based",
    "our",
    "an",
    "by",
    "from",
    "be",
    "which",
    "it",
    "can",
    "these",
    "has",
]


def vocabulary(size: int, rng: random.Random) -> list[str]:
    """So many words of a subject, the frequent ones first and shorter."""
    found: dict[str, None] = {}
    while len(found) < size:
        parts = 2 + (len(found) > 2000) + (rng.random() < 0.5)
        found["".join(rng.choice(_SYLLABLES) for _ in range(parts))] = None
    return list(found)


def records(count: int, words: list[str], rng: random.Random) -> Iterator[Listed]:
    """So many records, one after the other."""
    weights = list(accumulate(1.0 / (rank + 8) for rank in range(len(words))))
    common = list(accumulate(1.0 / (rank + 1.5) for rank in range(len(_COMMON))))
    phrases = [rng.choices(words, cum_weights=weights, k=rng.randint(2, 3)) for _ in range(3000)]
    often = list(accumulate(1.0 / (rank + 5) for rank in range(len(phrases))))
    first = dt.date(2007, 5, 1)
    for number in range(count):
        drawn: list[str] = []
        for _ in range(rng.randint(42, 56)):
            drawn += rng.choices(_COMMON, cum_weights=common, k=rng.randint(1, 2))
            kind = rng.random()
            if kind < 0.45:
                drawn += rng.choices(phrases, cum_weights=often)[0]
            else:
                drawn += rng.choices(words, cum_weights=weights, k=rng.randint(1, 3))
            if kind > 0.72:
                drawn.append(rng.choice(drawn))
        month, place = divmod(number, 9000)
        yield Listed(
            arxiv_id=f"{7 + month // 12:02}{1 + month % 12:02}.{place:05}",
            title=" ".join(drawn[:11]).capitalize(),
            version=rng.choice((1, 1, 1, 2, 3)),
            first_submitted=first + dt.timedelta(days=number * 6900 // count),
            abstract=" ".join(drawn[11:]).capitalize() + ".",
            authors=tuple(
                f"{rng.choice(words)[:6]} {rng.choice(words)[:7]}".title() for _ in range(rng.randint(2, 7))
            ),
            categories=("cs.SD", "eess.AS"),
        )


def measure(count: int, folder: Path) -> None:
    """Build an index of so many records, and search it."""
    rng = random.Random(count)
    words = vocabulary(20_000 + count // 5, rng)
    path = folder / f"field-{count}.db"
    generated = -time.process_time()
    papers = list(records(count, words, rng)) if count <= 200_000 else None
    generated += time.process_time()
    start, used = time.perf_counter(), time.process_time()
    with FieldIndex(path, write=True) as index:
        index.take(papers if papers is not None else records(count, words, rng))
    built, spent = time.perf_counter() - start, time.process_time() - used
    some = [paper.abstract for paper in (papers or ())[:2000]]
    shape = ""
    if some:
        each = (
            len,
            lambda t: len(t.split()),
            lambda t: len(set(t.split())),
            lambda t: len(zlib.compress(t.encode(), 9)),
        )
        shape = " (an abstract has {:.0f} characters, {:.0f} words, {:.0f} different, packed {:.0f} bytes)".format(
            *(sum(map(of, some)) / len(some) for of in each)
        )
    size = path.stat().st_size
    print(f"{count:,} records{shape}: built in {built:.1f} s ({spent:.1f} s of processor "
          f"time{'' if papers else ', the generating included'}), {size / 1e6:.1f} MB, {size / count:.0f} bytes a record; "
          f"load {os.getloadavg()[0]:.1f}")  # fmt: skip
    with FieldIndex(path) as index:
        for name, low, high in (("selective", 1500, 4000), ("usual", 200, 800), ("common", 0, 20)):
            times, totals = [], []
            for _ in range(100 if name != "common" else 20):
                what = Sought(tuple((word,) for word in rng.sample(words[low:high], 2)))
                begun = time.perf_counter()
                totals.append(index.search(what, most=30).total)
                times.append((time.perf_counter() - begun) * 1000)
            times.sort()
            totals.sort()
            print(f"  {name} queries: p50 {times[len(times) // 2]:.1f} ms, p95 {times[len(times) * 95 // 100]:.1f} ms; "
                  f"found {totals[len(totals) // 2]:,} (median), {totals[-1]:,} (most)")  # fmt: skip


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        for size_ in [int(text) for text in sys.argv[1:]] or [100_000]:
            measure(size_, Path(place))
