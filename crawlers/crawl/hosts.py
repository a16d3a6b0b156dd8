"""How the hosts of one crawl behave: which are left alone for the rest of it, and what was not asked for that reason.

In: the status of every answer, and every request that was not made. Out: whether a host may still be asked, and at the end
one remark per host, so that what was not asked is not silent. A host that behaves needs no memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from crawlers import politeness
from crawlers.sources.parsed import SUCCESS

#: After so many failures in a row a host is left alone for the rest of the crawl.
FAILURES_IN_A_ROW: Final = 3
#: Statuses that speak about the host rather than about one address.
_HOST_FAILURES: Final = frozenset({"blocked", "login_wall", "rate_limited", "error"})
#: Fetch statuses of ``politeness.Refused`` that say that a request was not made because of its host or the operator.
_LEFT_ALONE: Final = "left_alone"
_STOPPED: Final = "stopped"
NOT_MADE: Final = frozenset({_LEFT_ALONE, _STOPPED})


class Remark(NamedTuple):
    """Requests to one host that were not made.

    Attributes:
        host: Its name.
        fetch_status: What they count as.
        requests: How many.
        why: In words.
        skipped: The same for the summary.
    """

    host: str
    fetch_status: str
    requests: int
    why: str
    skipped: str


class Hosts:
    """The hosts of one crawl."""

    def __init__(self) -> None:
        self._failures: Counter[str] = Counter()
        self._last_failure: dict[str, str] = {}
        self._left_alone: Counter[str] = Counter()
        self._not_made: Counter[str] = Counter()
        self._stopped: str | None = None

    def assert_may_ask(self, host: str) -> None:
        """Let a request pass.

        Raises:
            Refused: the crawl was stopped, or the host has failed too often.
        """
        if self._stopped:
            raise politeness.Refused(fetch_status=_STOPPED, reason=self._stopped)
        if self._failures[host] >= FAILURES_IN_A_ROW:
            raise politeness.Refused(fetch_status=_LEFT_ALONE, reason="the host failed too often")  # fmt: skip

    def note(self, host: str, status: str) -> None:
        """How one request to a host went."""
        if status in _HOST_FAILURES:
            self._failures[host] += 1
            self._last_failure[host] = status
        elif status == "not_authorised":
            # The same keys get the same answer.
            self._failures[host] = FAILURES_IN_A_ROW
            self._last_failure[host] = status
        elif status in SUCCESS:
            del self._failures[host]

    def note_not_made(self, host: str, status: str, reason: str) -> None:
        """A request that was refused with one of ``NOT_MADE``; a stop holds for all that follow."""
        if status == _STOPPED:
            self._stopped = reason
            self._not_made[host] += 1
        else:
            self._left_alone[host] += 1

    def remarks(self) -> Iterator[Remark]:
        """One per host that was left alone or stopped at."""
        for host, count in sorted(self._left_alone.items()):
            status = self._last_failure[host]
            is_refused = status == "not_authorised"
            why = f"{FAILURES_IN_A_ROW} failures in a row"
            why = "the keys were refused" if is_refused else why
            yield Remark(host, status, count, why, "host failed too often")
        for host, count in sorted(self._not_made.items()):
            yield Remark(host, "error", count, self._stopped or _STOPPED, _STOPPED)
