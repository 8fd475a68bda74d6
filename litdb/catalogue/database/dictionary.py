"""The data dictionary: what every table, column and view holds, in Markdown, from the schema itself."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from litdb.catalogue.database.schema import NATURAL, Base
from litdb.catalogue.database.view import COLUMNS

_HEAD = """# What the database holds

Made from the docstrings of the schema by `python -m litdb.catalogue.database.dictionary`; a test compares them. A catalogue is
one SQLite file or one PostgreSQL database, and the names are the same in both: read it with `sqlite3`, pandas or
datasette as you like, and write with litdb only.

<!-- not run: other program -->
```console
$ sqlite3 sota.db "SELECT model_name, printed, paper FROM value WHERE quantity = 'PESQ' AND dataset = 'vbd'"
```

## The view `value`

One row a result: what litdb itself reads. Columns that are words in SQL (`"table"`, `"row"`) are quoted.

| column | what it holds |
|---|---|
"""


def dictionary() -> str:
    """The whole page."""
    lines = [f"| `{name}` | {_cell(meaning)} |" for name, meaning in COLUMNS.items()]
    return _HEAD + "\n".join(lines) + "\n\n## Tables\n" + "".join(_tables()) + "\n"


def _tables() -> Iterator[str]:
    for model, key in NATURAL.items():
        yield f"\n### `{model.__tablename__}`\n\n{_text(model)}\n\nNatural key: {', '.join(f'`{_stored(model, k)}`' for k in key)}.\n\n"
        yield "| column | type | may be empty | points to |\n|---|---|---|---|\n"
        for column in model.__table__.columns:
            target = ", ".join(f"`{foreign.target_fullname}`" for foreign in column.foreign_keys)
            empty = "yes" if column.nullable else ""
            yield f"| `{column.name}` | {str(column.type).lower()} | {empty} | {target} |\n"


def _text(model: type[Base]) -> str:
    return inspect.getdoc(model) or ""


def _stored(model: type[Base], attribute: str) -> str:
    return str(getattr(model, attribute).property.columns[0].name)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    print(dictionary(), end="")
