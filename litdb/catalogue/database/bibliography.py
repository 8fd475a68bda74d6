"""The table of what documents cite."""

# No postponed annotations here: SQLAlchemy would evaluate each of them from its text, at every start.

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from litdb.catalogue.database.base import Base


class CitationRow(Base):
    """An entry of a document's bibliography, and the sentences of the document that cite it.

    `place` counts the entries from 1; `folded` is the entry as names are compared, in which the title of a cited paper is
    looked for. In `sentences`, a JSON list, `[this]` stands where the work is cited and `[…]` where others are.
    """

    __tablename__ = "citation"
    __table_args__ = (UniqueConstraint("document_id", "place"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    place: Mapped[int]
    key: Mapped[str]
    text: Mapped[str]
    folded: Mapped[str]
    arxiv_id: Mapped[str] = mapped_column(default="", index=True)
    doi: Mapped[str] = mapped_column(default="", index=True)
    sentences: Mapped[str] = mapped_column(default="[]")
