"""A review as one HTML page that needs no network: everything in it is escaped, and no script holds data."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from landform.cli.views import phrases
from landform.cli.views.stack_graph import stack_graph
from landform.cli.views.symbols import SIGNS
from landform.cli.views.visible import visible_review
from landform.planning.changes import Action
from landform.review import AttributeDiff, ChangeReview, Review, StackReview
from landform.review.cost.model import CostLine, CostReview, Money, StackCost
from landform.review.findings import Severity
from landform.review.review import short

_ROOM = 2_000_000
_LONGEST = 2_000
_PER_ROW = 30
_MOST = 300
"""How many addresses a list of costs names."""


@dataclass(frozen=True, slots=True)
class Row:
    """One change on the page. ``risk``: its worst finding's severity; ``shown``: its diff is on the page."""

    id: str
    change: ChangeReview
    sign: str
    kind: str
    risk: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Section:
    """One stack on the page."""

    stack: StackReview
    rows: tuple[Row, ...]
    cost: StackCost | None


def html(review: Review) -> str:
    """The page. Diffs that would make it larger than a browser likes are left out, those of risks last."""
    review = visible_review(review)
    sections = _sections(review)
    rows = [row for section in sections for row in section.rows]
    return (
        page_environment()
        .get_template("review.html.j2")
        .render(
            review=review,
            sections=sections,
            rows={row.change.address: row for row in rows},
            signs={row.kind: row.sign for row in rows},
            kinds=_counted(row.kind for row in rows),
            risks=_counted(row.risk for row in rows),
            left_out=sum(not row.shown for row in rows),
            groups=phrases.grouped(phrases.all_findings(review)),
            policies=phrases.noteworthy(review.policies),
            graph=stack_graph(review),
            priced=_priced(review.cost),
        )
    )


@cache
def page_environment() -> Environment:
    """What renders landform's pages: everything is escaped, and they share one style."""
    style, script = _asset("review.css"), _asset("review.js")
    made = Environment(
        loader=PackageLoader("landform.cli.views", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "style": Markup(style),  # noqa: S704 - files of landform's own, no data in them
        "script": Markup(script),  # noqa: S704
        "policy": _content_policy(style, script),
        "words": phrases,
        "MOST": _MOST,
        "worth": _worth,
    }
    made.filters |= {
        "value": _value, "short": short, "place": phrases.short_address, "breakable": _breakable,
    }  # fmt: skip
    return made


def _asset(name: str) -> str:
    return (files("landform.cli.views") / "assets" / name).read_text(encoding="utf-8")


def _content_policy(style: str, script: str) -> str:
    """Nothing may be loaded or run but this very style and this very script."""
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _sections(review: Review) -> list[Section]:
    risks = _risks(review)
    shown = _shown(review, risks)
    costs = {each.stack: each for each in review.cost.stacks} if review.cost is not None else {}
    made, number = [], 0
    for stack in review.stacks:
        rows = []
        for change in stack.changes:
            number += 1
            kind = "replace" if change.action.is_replacement else str(change.action)
            risk = risks[change.address].value if change.address in risks else "none"
            sign, _ = SIGNS[change.action]
            rows.append(Row(f"c{number}", change, sign, kind, risk, id(change) in shown))
        made.append(Section(stack, tuple(rows), costs.get(stack.stack)))
    return made


def _risks(review: Review) -> dict[str, Severity]:
    """The worst finding's severity for each address that has one."""
    worst: dict[str, Severity] = {}
    for finding in phrases.all_findings(review):
        worst.setdefault(finding.address, finding.severity)
    return worst


def _shown(review: Review, risks: dict[str, Severity]) -> set[int]:
    """The changes whose diffs fit on the page, taken in the order in which a person needs them."""
    changes = [change for stack in review.stacks for change in stack.changes]
    room, fit = _ROOM, set()
    for change in sorted(changes, key=lambda each: _importance(each, risks.get(each.address))):
        weight = sum(_weight(each) for each in change.attributes)
        if weight <= room:
            room -= weight
            fit.add(id(change))
    return fit


def _importance(change: ChangeReview, risk: Severity | None) -> tuple[int, bool, bool]:
    return (-risk.rank if risk is not None else 1, not change.action.destroys, change.action is Action.CREATE)


def _weight(attribute: AttributeDiff) -> int:
    texts = (attribute.path, _value(attribute.before), _value(attribute.after), "".join(attribute.sources))
    return sum(len(str(escape(text)).encode()) for text in texts) + _PER_ROW


def _breakable(address: str) -> Markup:
    """An address that may go on in the next line after a dot or an underscore."""
    text = str(escape(phrases.short_address(address)))
    return Markup(re.sub(r"([._])", r"\1<wbr>", text))  # noqa: S704 - escaped in the line above


def _value(value: Any) -> Markup:
    """A value of an attribute, cut where it is too long to be read on a page; it is one line of the file."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text):,} characters)"
    return Markup(str(escape(cut)).replace("\n", "&#10;"))  # noqa: S704 - escaped


def _counted(words: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts


def _priced(cost: CostReview | None) -> tuple[list[CostLine], list[CostLine]]:
    """Lines whose cost changes, the largest difference first; and those with a cost that stays."""
    lines = [line for line in cost.lines if line.before or line.after] if cost is not None else []
    changed = [line for line in lines if line.before != line.after]
    changed.sort(key=lambda line: -max(abs(_worth(line).low), abs(_worth(line).high)))
    return changed, [line for line in lines if line.before == line.after]


def _worth(line: CostLine) -> Money:
    """What a line's change adds a month."""
    return (line.after or Money()) - (line.before or Money())
