"""The Catalogue: every command on a catalogue, from Python."""

from __future__ import annotations

import os

from litdb.api.decisions import DecisionVerbs
from litdb.api.evidence import EvidenceVerbs
from litdb.api.field.families import FamilyVerbs
from litdb.api.field.index import IndexVerbs
from litdb.api.field.surveys import SurveyVerbs
from litdb.api.figures import FigureVerbs
from litdb.api.own import OwnVerbs
from litdb.api.papers import PaperVerbs
from litdb.api.tables import TableVerbs
from litdb.api.tries import TryVerbs
from litdb.api.whole import WholeVerbs
from litdb.catalogue.database.places import locate
from litdb.catalogue.database.session import is_url
from litdb.catalogue.models import words_of_models


def open_catalogue(
    db: str | os.PathLike[str] | None = None, *, any_schema: bool = False, wait_seconds: float | None = None
) -> Catalogue:
    """Open a catalogue: a file, a postgresql:// URL, or, without `db`, the one the command line would open.

    `any_schema` opens one that another version of litdb made, to check, back up or upgrade it. A
    write waits `wait_seconds` for another process that writes (None: what LITDB_BUSY_SECONDS says, else 30). Raises InputError when
    there is none, SchemaMismatch when another version of litdb made it.
    """
    return Catalogue(locate(db), any_schema=any_schema, wait_seconds=wait_seconds)


def model_words(db: str | os.PathLike[str] | None = None) -> list[str]:
    """A word for every model of a catalogue: its name, or its key where the name has blanks or signs.

    None for a catalogue on a server: a shell that completes words must not wait for one.
    """
    place = locate(db)
    if is_url(place.name):
        return []
    with Catalogue(place) as catalogue, catalogue.reading() as session:
        return words_of_models(session)


class Catalogue(
    TableVerbs,
    FigureVerbs,
    PaperVerbs,
    IndexVerbs,
    SurveyVerbs,
    FamilyVerbs,
    DecisionVerbs,
    OwnVerbs,
    TryVerbs,
    EvidenceVerbs,
    WholeVerbs,
):
    """An open catalogue. Use it as a context manager, or call :meth:`close`.

    Reading methods return value types; `*_frame` methods the same as pandas DataFrames. Writing methods are one
    transaction each; on the shipped catalogue the first of them makes the user's working copy, unless the
    shipped file was named, which raises ReadOnlyCatalogue.
    """
