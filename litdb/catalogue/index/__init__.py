"""The local index of the field: a SQLite file beside the catalogue, searched by words. Nothing else knows its SQL."""
