"""The index itself: papers of the field in a SQLite file, found by the words of title and abstract (FTS5, BM25).

Of the texts only the words are indexed and the abstracts are kept packed, which halves the file; so a record that changes is
taken out of the words by its old text. One transaction each: a file that is loaded is taken in whole or not at all, and of a listing
every page together with the place where it goes on.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from litdb._written import check_target
from litdb.catalogue.index.abstracts import TABLE, Abstracts
from litdb.catalogue.index.common_words import without_common
from litdb.catalogue.index.sought import Sought
from litdb.errors import CatalogueBusy, CatalogueError
from litdb.sources.field.listed import Listed

#: What the head of the file says it is ("LDBF"), and the layout of its tables.
_APPLICATION, _LAYOUT = 0x4C444246, 1
_BUSY_SECONDS = 30.0
_TABLES = (
    """CREATE TABLE paper (
        id INTEGER PRIMARY KEY, arxiv_id TEXT NOT NULL UNIQUE, version INTEGER, first_submitted INTEGER,
        title TEXT NOT NULL, letters INTEGER NOT NULL, authors TEXT NOT NULL, categories TEXT NOT NULL, doi TEXT NOT NULL,
        journal TEXT NOT NULL)""",
    TABLE,
    # the abstract first: what stands in the first column is stored without the column's number
    """CREATE VIRTUAL TABLE words USING fts5(
        abstract, title, content='', tokenize='porter unicode61 remove_diacritics 2')""",
    "CREATE TABLE listing (category TEXT PRIMARY KEY, through TEXT NOT NULL, began TEXT NOT NULL, token TEXT NOT NULL)",
)
#: Before the DOI of a work that is not on arXiv, in the place of the id.
_OFF_ARXIV = "doi:"
_COLUMNS = "id, arxiv_id, version, first_submitted, title, letters, authors, categories, doi, journal"
#: A word in the title weighs as much as five in the abstract.
_SCORE = "bm25(words, 1.0, 5.0)"


@dataclass(frozen=True, slots=True)
class IndexHit:
    """A paper that was found, and how well it fits: more is better, and means nothing across two searches."""

    paper: Listed
    score: float


@dataclass(frozen=True, slots=True)
class IndexFound:
    """The best of what was found, and how many there are."""

    hits: tuple[IndexHit, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of records that were taken in."""

    new: int = 0
    changed: int = 0
    known: int = 0
    gone: int = 0

    def __add__(self, other: Taken) -> Taken:
        return Taken(
            self.new + other.new,
            self.changed + other.changed,
            self.known + other.known,
            self.gone + other.gone,
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """How far arXiv's listing of a category was taken in.

    `through` is the day up to which all of it was; while a listing runs, `began` is the day of its first page and `token`
    where it goes on.
    """

    category: str
    through: dt.date | None = None
    began: dt.date | None = None
    token: str = ""


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What an index holds."""

    file: str
    papers: int
    with_abstract: int
    oldest: dt.date | None
    newest: dt.date | None
    bytes: int
    listings: tuple[Listing, ...]


class FieldIndex:
    """An index in a file. Use it as a context manager, or call :meth:`close`.

    With `write`, a file that is not there is made. Raises CatalogueError for a file that is not there otherwise, for one of
    something else and for a damaged one, InputError for a place where none can be made.
    """

    def __init__(self, path: Path, *, write: bool = False) -> None:
        self.path = path
        if write:
            path.parent.mkdir(parents=True, exist_ok=True)
            check_target(path)
        elif not path.is_file():
            raise CatalogueError(
                f"there is no index of the field yet ({path}): `litdb index load FILE` or `litdb index update` makes it"
            )
        with _plain(path):
            self._connection = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode={'rwc' if write else 'ro'}", uri=True, timeout=_BUSY_SECONDS,
                isolation_level=None,
            )  # fmt: skip
        self._abstracts = Abstracts(self._connection)
        try:
            with _plain(path):
                self._check(write)
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> FieldIndex:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    # --- written ---------------------------------------------------------------------------------------------

    def take(self, papers: Iterable[Listed]) -> Taken:
        """Take papers in, all of them or, when one cannot be had or stored, none."""
        with self._writing():
            taken = self._put(papers)
            self._connection.execute("INSERT INTO words(words) VALUES ('optimize')")
        return taken

    def take_page(self, papers: Iterable[Listed], gone: Iterable[str], listing: Listing) -> Taken:
        """Take in a page of a listing, and with it how far the listing is now."""
        with self._writing():
            taken = self._put(papers)
            removed = sum(self._remove(arxiv_id) for arxiv_id in gone)
            self._connection.execute(
                "INSERT INTO listing VALUES (?, ?, ?, ?) ON CONFLICT (category) DO UPDATE "
                "SET through = excluded.through, began = excluded.began, token = excluded.token",
                (listing.category, _iso(listing.through), _iso(listing.began), listing.token),
            )
        return taken + Taken(gone=removed)

    def _put(self, papers: Iterable[Listed]) -> Taken:
        new = changed = known = 0
        for paper in papers:
            before = self._row("arxiv_id = ?", _stored_name(paper))
            if before is None:
                self._insert(None, paper)
                new += 1
                continue
            number, old = before
            merged = old.with_more(paper)
            if merged == old:
                known += 1
                continue
            self._forget_words(number, old)
            self._insert(number, merged)
            changed += 1
        return Taken(new, changed, known)

    def _insert(self, number: int | None, paper: Listed) -> None:
        inserted = self._connection.execute(
            f"INSERT OR REPLACE INTO paper ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, _stored_name(paper), paper.version, paper.first_submitted and paper.first_submitted.toordinal(), paper.title, len(paper.abstract),
             "\n".join(paper.authors), " ".join(paper.categories), paper.doi, paper.journal),
        )  # fmt: skip
        given = inserted.lastrowid
        assert given is not None
        self._abstracts.put(given, paper.abstract)
        self._connection.execute(
            "INSERT INTO words (rowid, abstract, title) VALUES (?, ?, ?)", (given, *_indexed(paper))
        )

    def _remove(self, arxiv_id: str) -> int:
        before = self._row("arxiv_id = ?", arxiv_id)
        if before is None:
            return 0
        self._forget_words(*before)
        self._connection.execute("DELETE FROM paper WHERE id = ?", (before[0],))
        self._abstracts.put(before[0], "")
        return 1

    def _forget_words(self, number: int, paper: Listed) -> None:
        self._connection.execute(
            "INSERT INTO words (words, rowid, abstract, title) VALUES ('delete', ?, ?, ?)",
            (number, *_indexed(paper)),
        )

    # --- read ------------------------------------------------------------------------------------------------

    def search(
        self,
        what: Sought,
        *,
        since: dt.date | None = None,
        until: dt.date | None = None,
        most: int = 20,
        abstracts: bool = False,
    ) -> IndexFound:
        """The papers that fit best, first submitted in these days where given; of the same score the last taken in first.

        Their abstracts are read only when asked for. Raises CatalogueError for an index that holds nothing.
        """
        if self._connection.execute("SELECT 1 FROM paper LIMIT 1").fetchone() is None:
            raise CatalogueError(
                f"the index of the field is empty ({self.path}): `litdb index load FILE` or `litdb index update` fills it"
            )
        condition = "words MATCH ?"
        values: list[str | int] = [what.expression()]
        if since is not None:
            condition, values = condition + " AND first_submitted >= ?", [*values, since.toordinal()]
        if until is not None:
            condition += " AND first_submitted <= ?"
            values.append(until.toordinal())
        dated = since is not None or until is not None
        tables = "words JOIN paper ON paper.id = words.rowid" if dated else "words"
        with _plain(self.path), self._reading():
            ranked = self._connection.execute(
                f"SELECT words.rowid, {_SCORE} AS score FROM {tables} WHERE {condition} ORDER BY score, "
                f"words.rowid DESC LIMIT ?",
                (*values, most),
            ).fetchall()
            total = len(ranked)
            if total == most:
                query = f"SELECT count(*) FROM {tables} WHERE {condition}"
                total = self._connection.execute(query, values).fetchone()[0]
            hits = [
                IndexHit(row[1], round(-score, 4))
                for number, score in ranked
                if (row := self._row("id = ?", number, abstracts)) is not None
            ]
        return IndexFound(tuple(hits), total)

    def paper(self, arxiv_id: str) -> Listed | None:
        """The paper of that id without version (or `doi:` with the DOI of one that is not on arXiv), or None."""
        with _plain(self.path):
            found = self._row("arxiv_id = ?", arxiv_id)
        return None if found is None else found[1]

    def listing(self, category: str) -> Listing:
        """How far arXiv's listing of a category was taken in."""
        return next((one for one in self.listings() if one.category == category), Listing(category))

    def listings(self) -> tuple[Listing, ...]:
        """How far arXiv's listings were taken in, by category."""
        with _plain(self.path):
            rows = self._connection.execute(
                "SELECT category, through, began, token FROM listing ORDER BY category"
            ).fetchall()
        return tuple(Listing(name, _day(through), _day(began), token) for name, through, began, token in rows)

    def status(self) -> IndexStatus:
        """What the index holds."""
        with _plain(self.path), self._reading():
            papers, with_abstract, oldest, newest = self._connection.execute(
                "SELECT count(*), coalesce(sum(letters > 0), 0), min(first_submitted), "
                "max(first_submitted) FROM paper"
            ).fetchone()
            size = self._connection.execute(
                "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            ).fetchone()[0]
        return IndexStatus(
            str(self.path), papers, with_abstract, _date(oldest), _date(newest), size, self.listings()
        )

    # --- inside ----------------------------------------------------------------------------------------------

    def _row(self, condition: str, value: object, abstract: bool = True) -> tuple[int, Listed] | None:
        row = self._connection.execute(f"SELECT {_COLUMNS} FROM paper WHERE {condition}", (value,)).fetchone()
        if row is None:
            return None
        number, name, version, first, title, letters, authors, categories, doi, journal = row
        return number, Listed(
            "" if name.startswith(_OFF_ARXIV) else name, title, version, _date(first), self._abstracts.get(number) if letters and abstract else "", tuple(filter(None, authors.split("\n"))),
            tuple(categories.split()), doi, journal,
        )  # fmt: skip

    def _check(self, write: bool) -> None:
        """See that the file is an index; make the tables where nothing is yet. Raises CatalogueError."""
        head: Any = self._connection.execute("PRAGMA application_id").fetchone()[0]
        layout: Any = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if (head, layout) == (_APPLICATION, _LAYOUT):
            return
        if head == _APPLICATION:
            raise CatalogueError(
                f"{self.path} is an index of another litdb (layout {layout}): remove it and load it again"
            )
        if write:  # before the first table: what a change leaves free is given back
            self._connection.execute("PRAGMA auto_vacuum = FULL")
        with self._writing() if write else contextlib.nullcontext():
            if self._connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                if self._connection.execute("PRAGMA application_id").fetchone()[0] == _APPLICATION:
                    return  # another process made it while this one waited
                raise CatalogueError(
                    f"{self.path} is a database of something else: move it, or name another catalogue"
                )
            if not write:
                raise CatalogueError(f"{self.path} is empty: remove it and load the index again")
            try:
                for table in _TABLES:
                    self._connection.execute(table)
            except sqlite3.OperationalError as error:
                if "fts5" not in str(error):
                    raise
                raise CatalogueError(
                    "the SQLite of this Python has no FTS5: use a Python from python.org"
                ) from error
            self._connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            self._connection.execute(f"PRAGMA user_version = {_LAYOUT}")

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        with _plain(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._abstracts.flush()
                self._connection.execute("COMMIT")
            except BaseException:
                self._abstracts.forget()
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")


@contextlib.contextmanager
def _plain(path: Path) -> Iterator[None]:
    """Say what is wrong with the file in one sentence."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        said = str(error)
        if "locked" in said or "busy" in said:
            raise CatalogueBusy(
                f"{path} is in use by another process: try again when it has finished"
            ) from error
        if "readonly" in said or "unable to open" in said:
            raise CatalogueError(f"{path} cannot be opened or written: check its permissions") from error
        if "full" in said or "disk I/O" in said:
            raise CatalogueError(f"{path} could not be written, nothing was changed: {said}") from error
        raise CatalogueError(
            f"{path} is no index of the field, or is damaged: remove it and load it again"
        ) from error


def _stored_name(paper: Listed) -> str:
    return paper.arxiv_id or f"{_OFF_ARXIV}{paper.doi}"


def _indexed(paper: Listed) -> tuple[str, str]:
    """What is indexed of a paper."""
    return without_common(paper.abstract), without_common(paper.title)


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _date(ordinal: int | None) -> dt.date | None:
    return dt.date.fromordinal(ordinal) if ordinal else None


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
