"""How each object that a sweep has seen stands: gone, not for long, kept on purpose, or left over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from landform.aws.describer import Fate, Seen, attributes_of
from landform.aws.describers import DESCRIBERS
from landform.aws.listers import Listed
from landform.planning.former import Former
from landform.project import Keep
from landform.review.cost.prices import Prices
from landform.review.cost.standing import cost_of_standing
from landform.review.sweep import Class, Found


@dataclass(frozen=True, slots=True)
class Rules:
    """``remaining`` are addresses that states still have; ``keep`` the environment's own rules.

    ``retained`` are ARNs, ids, names or addresses of what a run has kept on purpose, with the reason.
    """

    prices: Prices
    remaining: frozenset[str]
    keep: Sequence[Keep]
    retained: Mapping[str, str]


def classified(rules: Rules, fates: Mapping[Former, Seen], candidates: Sequence[Listed]) -> Iterator[Found]:
    """Each object once: those that had to go, and what else is there of the environment."""
    by_arn = {each.arn: each for each in candidates}
    by_id = {(each.type, each.id): each for each in candidates}
    told: set[str] = set()
    for former, seen in fates.items():
        same = by_arn.get(former.arn) or by_id.get((former.type, former.id))
        if same is not None:
            told.add(same.arn)
        yield _of_state(rules, former, _better(seen, same))
    yield from (_of_list(rules, each) for each in candidates if each.arn not in told)


def _better(seen: Seen, same: Listed | None) -> Seen:
    """What nobody could describe and AWS still lists is not known to be gone: it counts as there."""
    if same is None or seen.fate is not Fate.NOT_LOOKED_AT:
        return seen
    if same.seen.fate is Fate.NOT_LOOKED_AT:
        return Seen(Fate.THERE, same.seen.why, same.seen.facts)
    return same.seen


_CLASSES = {Fate.GONE: Class.GONE, Fate.PENDING: Class.PENDING, Fate.NOT_LOOKED_AT: Class.NOT_LOOKED_AT}


def _of_state(rules: Rules, former: Former, seen: Seen) -> Found:
    why = seen.why
    if former.address in rules.remaining:
        why = "; ".join(filter(None, (why, "its state still has it")))
    found = Found(
        _CLASSES.get(seen.fate, Class.LEFTOVER), former.type, former.id, former.arn, former.region,
        stack=former.stack, address=former.address, how="state", why=why,
    )  # fmt: skip
    return _priced(_unless_retained(rules, found), former.attributes, rules.prices)


def _of_list(rules: Rules, each: Listed) -> Found:
    """What the tagging API lists and nobody can describe counts as left over: it is not known to be gone."""
    how = "name" if each.by_name else "tags" if each.tags else "kubernetes"
    found = Found(
        Class.PENDING if each.seen.fate is Fate.PENDING else Class.LEFTOVER, each.type, each.id, each.arn,
        each.region, each.name, each.tags.get("Stack", ""), how=how, why=each.seen.why,
    )  # fmt: skip
    describer = DESCRIBERS.get(each.type)
    attributes = attributes_of(describer, each.seen.facts) if describer else {}
    return _priced(_unless_retained(rules, found), attributes, rules.prices)


def _unless_retained(rules: Rules, found: Found) -> Found:
    if found.standing not in (Class.LEFTOVER, Class.PENDING):
        return found
    names = (found.arn, found.id, found.name, found.address)
    reasons = [rules.retained[name] for name in names if name in rules.retained]
    reasons += [each.reason for each in rules.keep if each.fits(names)]
    return replace(found, standing=Class.RETAINED, why=reasons[0]) if reasons else found


def _priced(found: Found, attributes: Mapping[str, object], prices: Prices) -> Found:
    if found.standing not in (Class.LEFTOVER, Class.RETAINED):
        return found
    cost = cost_of_standing(found.type, attributes, found.region, prices)
    return replace(found, monthly=cost.monthly, unpriced=cost.why)
