"""The test set that a question is about: one of the field's, or one of the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litdb.catalogue.views.scores import is_measured_on
from litdb.vocabulary import Dataset, vocabulary

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def asked_test_set(session: Session, text: str) -> Dataset:
    """A test set of the vocabulary, or one of the user's own on which something was measured. Raises UsageError."""
    if vocabulary().dataset(text) is None and is_measured_on(session, text):
        return Dataset(text, text)
    return vocabulary().test_set(text)
