"""What all tests share."""

from __future__ import annotations

import pytest

#: Files that take minutes; they begin first, so that no worker ends alone with one.
LONG = ("test_robustness.py", "test_wheel.py", "test_training.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first, in the order above; all else stays."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))
