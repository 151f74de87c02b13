"""What the tests of a run may cost, and have: one file for all its workers."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from landform.errors import Refused


@dataclass(frozen=True, slots=True)
class Spent:
    """USD and minutes of one case, estimated until it has ended."""

    usd: float
    minutes: float


@dataclass(frozen=True, slots=True)
class Ledger:
    """The sum of a run. ``path`` is the same for all its workers; the limits are for all of them together."""

    path: Path
    max_usd: float
    max_minutes: float

    def charge(self, case: str, usd: float, minutes: float) -> None:
        """Book what a case is going to cost, before it begins. Raises ``Refused`` where that is too much."""
        with self._locked() as booked:
            after = _total({**booked, case: Spent(usd, minutes)})
            if after.usd > self.max_usd or after.minutes > self.max_minutes:
                now = _total(booked)
                raise Refused(
                    f"{case} would cost about {usd:.2f} USD and {minutes:g} minutes; {now.usd:.2f} of "
                    f"{self.max_usd:g} USD and {now.minutes:g} of {self.max_minutes:g} minutes are spent",
                    "Raise --tf-max-usd or --tf-max-minutes, or run fewer tests.",
                )
            booked[case] = Spent(usd, minutes)

    def settle(self, case: str, usd: float, minutes: float) -> None:
        """Replace a case's estimate by what it came to, even if that is too much."""
        with self._locked() as booked:
            booked[case] = Spent(usd, minutes)

    def total(self) -> Spent:
        """What is booked by now."""
        with self._locked() as booked:
            return _total(booked)

    @contextmanager
    def _locked(self) -> Iterator[dict[str, Spent]]:
        """The bookings by case; what is changed in the block is written at its end."""
        from filelock import FileLock

        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(self.path.with_name(f"{self.path.name}.lock")):
            booked = self._read()
            before = dict(booked)
            yield booked
            if booked != before:
                new = self.path.with_name(f"{self.path.name}.{os.getpid()}")
                new.write_text(json.dumps({case: asdict(spent) for case, spent in booked.items()}))
                new.replace(self.path)

    def _read(self) -> dict[str, Spent]:
        try:
            content = json.loads(self.path.read_bytes())
            return {str(case): Spent(**spent) for case, spent in content.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            # Unread, it would count as nothing spent.
            raise Refused(f"the ledger {self.path} cannot be read: {error}") from error


def _total(booked: dict[str, Spent]) -> Spent:
    return Spent(sum(one.usd for one in booked.values()), sum(one.minutes for one in booked.values()))
