"""What a sweep has found, on a terminal; and the words that all its formats share."""

from __future__ import annotations

from collections.abc import Iterator

from landform.cli.views import phrases
from landform.cli.views.visible import visible
from landform.review.deletion import DeletionList
from landform.review.sweep import Class, Found, Sweep

_SHOWN = 200
_BY = {
    "state": "its state had it", "tags": "by its tags",
    "name": "by its name only, which may be another's", "kubernetes": "made by Kubernetes",
}  # fmt: skip


def headline(sweep: Sweep) -> str:
    """In one sentence: what is left over, and what it costs."""
    left = len(sweep.leftovers)
    managed = sum(each.managed for each in sweep.states)
    if not left and managed:
        return f"Nothing is left over, but the states still manage {phrases.plural(managed, 'object')}"
    if not left:
        return "Nothing is left over"
    cost = f"{phrases.dollars(sweep.monthly)} a month"
    rest = f", and {phrases.plural(sweep.unpriced, 'object')} without a whole price" if sweep.unpriced else ""
    return f"{phrases.plural(left, 'object')} left over: {cost}{rest}"


def cost(found: Found) -> str:
    """What an object costs a month, or why nobody knows."""
    if found.monthly is None:
        return found.unpriced or "no price"
    return f"{phrases.dollars(found.monthly)} a month" + (f" ({found.unpriced})" if found.unpriced else "")


def origin(found: Found) -> str:
    """How it was found, and what had it."""
    had = (
        f"{found.address} of {found.stack}"
        if found.address
        else f"stack {found.stack}"
        if found.stack
        else ""
    )
    return ", ".join(filter(None, (_BY.get(found.how, found.how), had)))


def counted(sweep: Sweep) -> list[tuple[int, str]]:
    """How many there are of each class, without zeros."""
    return [(number, str(each)) for each, number in sweep.counts.items() if number]


def caveats(sweep: Sweep) -> Iterator[str]:
    """What was not looked at, a sentence each."""
    if sweep.counts[Class.NOT_LOOKED_AT]:
        number = phrases.plural(sweep.counts[Class.NOT_LOOKED_AT], "object")
        yield f"{number} not looked at: nobody knows whether they are gone."
    yield from (f"Not looked at: {each}." for each in sweep.not_listed)
    yield from (
        f"Not looked at: the region of {each}, which only Terraform can tell." for each in sweep.not_asked
    )
    if sweep.locked:
        yield f"Somebody works on {', '.join(sweep.locked)}: what that makes is in no state before it ends."


def looked_at(sweep: Sweep) -> str:
    """Where and how it was looked, in one sentence."""
    looks = phrases.plural(sweep.looks, "look")
    services = ", ".join(sweep.listed)
    return f"{looks} in {', '.join(sweep.regions)}: by tags in every service; from lists: {services}."


def sweep_text(sweep: Sweep) -> str:
    """The sweep for a terminal; every character of it is visible."""
    return "".join(f"{visible(line)}\n" for line in _lines(sweep))


def _lines(sweep: Sweep) -> Iterator[str]:
    yield f"{sweep.project} {sweep.environment}, {sweep.where}, account {sweep.account}: {headline(sweep)}"
    for standing in (Class.LEFTOVER, Class.NOT_LOOKED_AT, Class.PENDING, Class.RETAINED):
        every = sweep.leftovers if standing is Class.LEFTOVER else sweep.of(standing)
        if every:
            yield f"{str(standing).capitalize()}: {len(every)}"
            yield from (line for each in every[:_SHOWN] for line in _item(each))
            if len(every) > _SHOWN:
                yield f"  and {len(every) - _SHOWN} more; --json has all"
    if sweep.counts[Class.GONE]:
        yield f"Gone: {sweep.counts[Class.GONE]}"
    yield from (
        f"{each.stack}: its state still manages {each.managed}" for each in sweep.states if each.managed
    )
    yield looked_at(sweep)
    yield from caveats(sweep)


def _item(each: Found) -> Iterator[str]:
    name = f" “{each.name}”" if each.name and each.name != each.id else ""
    yield f"  {each.type or 'unknown type'} {each.shown}{name}"
    priced = [cost(each)] if each.standing in (Class.LEFTOVER, Class.RETAINED) else []
    yield f"    {'; '.join(filter(None, (*priced, origin(each), each.why)))}"


def list_text(made: DeletionList) -> str:
    """A list of what is to be deleted, and of what stays."""
    return "".join(f"{visible(line)}\n" for line in _list_lines(made))


def _list_lines(made: DeletionList) -> Iterator[str]:
    sweep = made.sweep
    if not made.items:
        yield f"{sweep.environment}: nothing is left over that landform can delete"
    else:
        number = phrases.plural(len(made.items), "object")
        where = f"{sweep.environment}, {sweep.where}, account {sweep.account}"
        yield f"{where}: {number} to delete, list {made.digest[:12]}"
        yield from (line for each in made.items for line in _item(each))
    if made.staying:
        yield f"Stays, because landform does not delete it: {len(made.staying)}"
        yield from (line for each in made.staying for line in _item(each))
