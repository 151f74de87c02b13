"""What a sweep of an account has found: each object, how it stands, and what it costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from landform.review.cost.model import Money


class Class(StrEnum):
    """How an object stands after a teardown, the worst first."""

    LEFTOVER = "leftover"
    NOT_LOOKED_AT = "not looked at"
    PENDING = "pending deletion"
    RETAINED = "retained on purpose"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Found:
    """One object. ``stack`` and ``address`` are those of the state that had it, empty where none did.

    ``how`` it was found: ``state``, ``tags``, ``name`` (by its name only, which
    may be another's) or ``kubernetes``. ``why`` explains its class. ``monthly`` is None where nobody knows a
    price; ``unpriced`` says why. All text but the class may hold anything.
    """

    standing: Class
    type: str
    id: str
    arn: str
    region: str
    name: str = ""
    stack: str = ""
    address: str = ""
    how: str = ""
    why: str = ""
    monthly: Money | None = None
    unpriced: str = ""

    @property
    def shown(self) -> str:
        """What tells it from all others."""
        return self.arn or self.id or self.address


@dataclass(frozen=True, slots=True)
class StateLeft:
    """How many objects a stack's state still manages."""

    stack: str
    managed: int


@dataclass(frozen=True, slots=True)
class Sweep:
    """A sweep, ended at ``at`` (RFC 3339, UTC) after ``looks``.

    ``states`` are those of the stacks that were to go. ``regions`` were looked at; ``listed`` is what their
    services listed by themselves, ``not_listed`` what they did not, and why; ``not_asked`` are providers
    whose region only Terraform can tell. ``locked``: stacks on which somebody works; what that makes is in
    no state yet.
    """

    project: str
    environment: str
    account: str
    at: str
    where: str = "AWS"
    looks: int = 1
    regions: tuple[str, ...] = ()
    found: tuple[Found, ...] = ()
    states: tuple[StateLeft, ...] = ()
    listed: tuple[str, ...] = ()
    not_listed: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()

    def of(self, standing: Class) -> tuple[Found, ...]:
        """All of one class."""
        return tuple(each for each in self.found if each.standing is standing)

    @property
    def leftovers(self) -> tuple[Found, ...]:
        """What is left over, the dearest first."""
        return tuple(sorted(self.of(Class.LEFTOVER), key=_dearest))

    @property
    def counts(self) -> Mapping[Class, int]:
        """How many there are of each class."""
        counts = Counter(each.standing for each in self.found)
        return {each: counts[each] for each in Class}

    @property
    def monthly(self) -> Money:
        """What the leftovers cost a month, as far as they have a price."""
        return sum((each.monthly for each in self.leftovers if each.monthly), Money())

    @property
    def unpriced(self) -> int:
        """How many leftovers have no price, or only a part of one."""
        return sum(bool(each.monthly is None or each.unpriced) for each in self.leftovers)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left over, and the states are empty."""
        return not self.leftovers and not any(each.managed for each in self.states)

    @property
    def is_complete(self) -> bool:
        """Whether all was looked at that there is to look at."""
        return not (self.counts[Class.NOT_LOOKED_AT] or self.not_listed or self.not_asked or self.locked)


def _dearest(each: Found) -> tuple[float, str]:
    return (-each.monthly.high if each.monthly else 0.0, each.shown)
