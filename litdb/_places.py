"""Where things are: data packaged with litdb, the user's folders, and the catalogue to open."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def packaged(name: str) -> Path:
    """The folder or file `name` (migrations, templates, sota.db): in an installed wheel or in a checkout.

    Raises FileNotFoundError when the installation is incomplete.
    """
    for place in (PACKAGE / "_data" / name, PACKAGE.parent / name):
        if place.exists():
            return place
    raise FileNotFoundError(f"litdb is not installed completely: {name} is missing; install it again")


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
