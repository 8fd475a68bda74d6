"""Papers by how they go about it: what is known of each, and which family people put it into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from litdb.api.opened import Opened

if TYPE_CHECKING:
    from litdb.evidence.components.families import PaperApproach


class FamilyVerbs(Opened):
    """Families of papers by approach; what finds them is in `litdb.survey.cluster`."""

    def paper_approaches(self, survey: str = "") -> list[PaperApproach]:
        """What is known of how papers go about it: those of a survey that were not dropped, or all of the catalogue.

        Abstracts come from the index of the field, where there is one. Raises NotFound for an unknown survey, UsageError for
        one without a paper.
        """
        from litdb.catalogue.index.field_index import FieldIndex
        from litdb.catalogue.index.places import index_path
        from litdb.questions.field.families import paper_approaches

        with self.reading() as session:
            found = paper_approaches(session, survey)
        beside = index_path(self._place)
        if not beside.is_file():
            return found
        with FieldIndex(beside) as index:
            listed = [index.paper(one.paper.removeprefix("arXiv:")) for one in found]
        return [
            replace(one, abstract=paper.abstract) if paper else one
            for one, paper in zip(found, listed, strict=True)
        ]

    def place_in_family(
        self, papers: Sequence[str], family: str, *, reason: str, new: bool = False
    ) -> list[str]:
        """Say that papers are of a family, which stays so whenever they are put into families; returns the decisions' numbers.

        Papers are named by id or key, of the catalogue or of any survey. With `new` the family may be one of your own. Raises
        UsageError for an unknown family, NotFound.
        """
        from litdb.catalogue.views.field import families
        from litdb.questions.field.families import named_papers
        from litdb.vocabulary.families import family_id

        wanted = family_id(family, new=new)
        with self.writing() as session:
            named = named_papers(session, papers)
            return [one.uid for one in families.place_in_family(session, named, wanted, reason)]
