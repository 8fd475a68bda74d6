"""Where the index of a catalogue lies."""

from __future__ import annotations

from pathlib import Path

from litdb._places import data_dir
from litdb.catalogue.database.places import Place
from litdb.catalogue.database.session import is_url


def index_path(place: Place) -> Path:
    """The index beside a catalogue (`mine.db`: `mine.field.db`).

    Of a database on a server, and of a file that is only read, it is `field.db` in the user's data folder.
    """
    if place.copy_to is not None:
        file = place.copy_to
    elif is_url(place.name) or place.read_only:
        return data_dir() / "field.db"
    else:
        file = Path(place.name)
    return file.with_name(f"{file.stem}.field.db")
