"""What all tables of a catalogue share."""

# No postponed annotations here: SQLAlchemy would evaluate each of them from its text, at every start.

import datetime as dt

from sqlalchemy import Date, DateTime, Float, MetaData, Text
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Constraint names are fixed, so that migrations can name them on SQLite and PostgreSQL alike."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: Text, float: Float(53), dt.date: Date, dt.datetime: DateTime(timezone=True)}
