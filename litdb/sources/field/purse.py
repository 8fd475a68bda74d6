"""What requests to a service may cost: money is taken out before a request is sent, and never more than there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from litdb.errors import SourceError
from litdb.sources.cache import Cache

#: Money is counted in millionths of a dollar.
DOLLAR = 1_000_000


class BudgetSpent(SourceError):
    """A request was not sent, because it would have cost more than is left."""


def dollars(amount: int) -> str:
    """An amount as it is said: `$0.003`."""
    text = f"{amount / DOLLAR:.6f}".rstrip("0").rstrip(".")
    return f"${text}"


def _utc_day() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


class Purse:
    """The money of one run at one service, and of one day over all runs that share a cache folder.

    `spend` is called while the process has the service's turn, so that no two take the same money.

    Args:
        cache: keeps the day's sum, under the name `slug`.
        budget: what this run may cost.
        daily: what a day may cost; the day is that of UTC.
    """

    def __init__(
        self, cache: Cache, slug: str, budget: int, daily: int, *, today: Callable[[], dt.date] = _utc_day
    ) -> None:
        self._cache, self._file = cache, cache.root / "spent" / f"{slug}.json"
        self._budget, self._daily, self._today = budget, daily, today
        self.spent = 0

    def spent_today(self) -> int:
        """What was spent since midnight, by every run."""
        kept = self._cache.get_json(self._file) or {}
        amount = kept.get("spent")
        return amount if kept.get("day") == self._today().isoformat() and isinstance(amount, int) else 0

    def left(self) -> int:
        """What this run may still cost."""
        return max(0, min(self._budget - self.spent, self._daily - self.spent_today()))

    def spend(self, price: int) -> None:
        """Take the price of a request that is about to be sent. Raises BudgetSpent where there is less, and takes nothing then."""
        today = self.spent_today()
        if self._daily - today < price:
            raise BudgetSpent(
                f"{dollars(today)} of the {dollars(self._daily)} that a day may cost are spent; go on after midnight UTC, "
                "what was found is kept"
            )
        if self._budget - self.spent < price:
            raise BudgetSpent(
                f"{dollars(self.spent)} of {dollars(self._budget)} are spent, and one more request costs {dollars(price)}: "
                "allow more, what was found is kept"
            )
        self._cache.put_json(self._file, {"day": self._today().isoformat(), "spent": today + price})
        self.spent += price
