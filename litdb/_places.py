"""Where things are: data packaged with litdb, the user's folders, and the catalogue to open."""

from __future__ import annotations

import os
from pathlib import Path

from litdb.errors import InputError

PACKAGE = Path(__file__).resolve().parent


def packaged(name: str) -> Path:
    """The folder or file `name` (migrations, templates, sota.db): in an installed wheel or in a checkout.

    Raises FileNotFoundError when the installation is incomplete.
    """
    for place in (PACKAGE / "_data" / name, PACKAGE.parent / name):
        if place.exists():
            return place
    raise FileNotFoundError(f"litdb is not installed completely: {name} is missing; install it again")


def check_target(path: Path) -> None:
    """Raise InputError unless a file can be written at `path`."""
    if path.is_dir():
        raise InputError(f"{path} is a folder: name a file in it")
    if not path.parent.is_dir():
        raise InputError(f"{path.parent} is not a folder: make it first, or name another file")
    if not os.access(path.parent, os.W_OK):
        raise InputError(f"the folder {path.parent} may not be written: name a file elsewhere")


def data_dir() -> Path:
    """The user's folder for catalogues (LITDB_HOME, else the platform's data directory)."""
    home = os.environ.get("LITDB_HOME")
    if home:
        return Path(home)
    from platformdirs import user_data_path

    return user_data_path("litdb", appauthor=False)


def cache_dir() -> Path:
    """The user's folder for downloads (LITDB_CACHE, else LITDB_HOME/cache, else the platform's cache)."""
    cache = os.environ.get("LITDB_CACHE")
    if cache:
        return Path(cache)
    home = os.environ.get("LITDB_HOME")
    if home:
        return Path(home) / "cache"
    from platformdirs import user_cache_path

    return user_cache_path("litdb", appauthor=False)
