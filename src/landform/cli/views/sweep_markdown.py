"""A sweep and a certificate as Markdown. Text from outside is a code span, or has its markup escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from landform.cli.views import phrases
from landform.cli.views.certificates import saved_words
from landform.cli.views.markdown import code, plain, table_row
from landform.cli.views.sweeps import caveats, cost, counted, headline, looked_at, origin
from landform.cli.views.visible import visible_parts
from landform.review.certificate import Certificate
from landform.review.sweep import Class, Found, Sweep

_SHOWN = 100
_TITLES = {
    Class.LEFTOVER: "Left over",
    Class.NOT_LOOKED_AT: "Not looked at",
    Class.PENDING: "Pending deletion",
    Class.RETAINED: "Retained on purpose",
}


def sweep_markdown(sweep: Sweep) -> str:
    """The sweep by itself."""
    sweep = visible_parts(sweep)
    return "\n".join([*_head(sweep, "sweep"), *_body(sweep)]) + "\n"


def certificate_markdown(certificate: Certificate) -> str:
    """The whole certificate."""
    shown: Certificate = visible_parts(certificate)
    lines = [*_head(shown.sweep, "teardown certificate"), *_facts(shown), *_destroyed(shown)]
    return "\n".join([*lines, *_body(shown.sweep), *_end(shown)]) + "\n"


def _head(sweep: Sweep, what: str) -> Iterator[str]:
    mark = "✅" if sweep.is_clean else "⚠️"
    yield f"### {mark} {code(sweep.environment)} {plain(sweep.project)} — {what}"
    yield ""
    yield f"**{plain(headline(sweep))}**"
    yield ""
    where = f"{sweep.where}, account {sweep.account}, {', '.join(sweep.regions)}"
    yield f"<sub>{plain(where)} · {plain(sweep.at)}</sub>"


def _facts(certificate: Certificate) -> Iterator[str]:
    yield ""
    yield f"Run {code(certificate.run)} by {plain(certificate.by.shown)}, "
    yield f"{plain(certificate.started)} to {plain(certificate.ended)}."
    if saved := saved_words(certificate.savings):
        yield f"Savings: {plain(saved)}."


def _destroyed(certificate: Certificate) -> Iterator[str]:
    number = phrases.plural(len(certificate.destroyed), "object")
    yield from ("", f"#### Destroyed: {number}", "")
    yield from _table(("type", "objects"), ((code(kind), str(n)) for kind, n in certificate.counts.items()))
    if certificate.destroyed:
        yield from ("", "<details><summary>Addresses</summary>", "")
        yield from (f"- {code(each.address)}" for each in certificate.destroyed[:_SHOWN])
        if len(certificate.destroyed) > _SHOWN:
            yield f"- and {len(certificate.destroyed) - _SHOWN} more"
        yield from ("", "</details>")


def _body(sweep: Sweep) -> Iterator[str]:
    yield ""
    yield " · ".join(f"**{number:,}** {words}" for number, words in counted(sweep)) or "Nothing was found."
    for standing, title in _TITLES.items():
        every = sweep.leftovers if standing is Class.LEFTOVER else sweep.of(standing)
        if every:
            yield from ("", f"#### {title}: {len(every)}", "")
            yield from _table(("type", "object", "a month", "why"), (_row(each) for each in every[:_SHOWN]))
            if len(every) > _SHOWN:
                yield f"\nand {len(every) - _SHOWN} more."
    left = [f"{each.stack}: {each.managed}" for each in sweep.states if each.managed]
    if left:
        yield from ("", f"States that still manage objects: {plain(', '.join(left))}.")
    yield from ("", plain(looked_at(sweep), 1000))
    for caveat in caveats(sweep):
        yield from ("", f"> {plain(caveat, 1000)}")


def _row(each: Found) -> Sequence[str]:
    name = f" {plain(each.name)}" if each.name and each.name != each.id else ""
    why = "; ".join(filter(None, (origin(each), each.why)))
    return (code(each.type or "unknown"), f"{code(each.shown)}{name}", plain(cost(each)), plain(why))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield from map(table_row, (head, ["---"] * len(head), *rows))


def _end(certificate: Certificate) -> Iterator[str]:
    yield from ("", f"<sub>sha256 {code(certificate.digest)}</sub>")
