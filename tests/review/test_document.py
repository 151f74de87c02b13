"""A review is kept as JSON and is the same review afterwards."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landform.errors import LandformError
from landform.planning.changes import Action
from landform.review import AttributeDiff, ChangeReview, Counts, OutputReview, Review, StackReview
from landform.review.cost.model import CostLine, CostReview, Money, StackCost
from landform.review.document import from_document, to_document
from landform.review.findings import Exemption, Finding, PolicyResult, Result, Severity, Verdict

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_NAMES = st.lists(st.text(max_size=5), max_size=2).map(tuple)
_ATTRIBUTE = st.builds(AttributeDiff, st.text(), _JSON, _JSON, sources=_NAMES)
_TEXT = st.text(max_size=5)
_FINDINGS = st.lists(st.builds(Finding, _TEXT, st.sampled_from(Severity), *[_TEXT] * 5), max_size=2).map(
    tuple
)
_PRICE = st.floats(0, 1e6)
_MONEY = st.builds(Money, _PRICE, _PRICE)
_PERHAPS = st.none() | _MONEY
_COST = st.builds(
    CostReview,
    _MONEY,
    _MONEY,
    _PRICE,
    *[st.integers(0)] * 3,
    st.lists(st.builds(CostLine, *[_TEXT] * 3, *[_PERHAPS] * 3, _NAMES, _TEXT, _TEXT), max_size=2).map(tuple),
    st.lists(st.builds(StackCost, _TEXT, _MONEY, _MONEY), max_size=2).map(tuple),
    _NAMES,
    _NAMES,
    st.booleans(),
)
_EXEMPTION = st.builds(Exemption, *[_TEXT] * 5)
_POLICY = st.builds(PolicyResult, _TEXT, st.sampled_from(Result), _TEXT, _TEXT, st.none() | _EXEMPTION)
_VERDICT = st.builds(
    Verdict, st.sampled_from(Result), st.none() | st.sampled_from(Severity), _NAMES, st.integers(0)
)
_CHANGE = st.builds(
    ChangeReview,
    *[st.text(max_size=5)] * 4,
    st.sampled_from([*Action]),
    caused_by=_NAMES,
    previous_address=st.none() | st.text(max_size=5),
    attributes=st.lists(_ATTRIBUTE, max_size=2).map(tuple),
    findings=_FINDINGS,
    dependents=_NAMES,
)
_CHANGES = st.lists(_CHANGE, max_size=2).map(tuple)
_OUTPUT = st.builds(OutputReview, st.text(max_size=5), st.sampled_from([*Action]), _JSON, _JSON)
_STACK = st.builds(
    StackReview,
    st.text(max_size=5),
    st.text(max_size=5),
    _NAMES,
    _CHANGES,
    st.lists(_OUTPUT, max_size=2).map(tuple),
    _CHANGES,
    caused_by=_NAMES,
)
_REVIEWS = st.builds(
    Review,
    *[st.text(max_size=5)] * 4,
    counts=st.builds(Counts, st.integers(0)),
    stacks=st.lists(_STACK, max_size=2).map(tuple),
    deferred=st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=2).map(tuple),
    failed_checks=_NAMES,
    findings=_FINDINGS,
    policies=st.lists(_POLICY, max_size=2).map(tuple),
    cost=st.none() | _COST,
    verdict=_VERDICT,
)


def _document() -> dict[str, Any]:
    attribute = AttributeDiff("a", 1, 2, sources=("module.b.x.y",))
    change = ChangeReview("module.web.x.y", "x.y", "x", "managed", Action.UPDATE, attributes=(attribute,))
    stack = StackReview("web", "web-app", changes=(change,), outputs=(OutputReview("o", Action.CREATE),))
    return to_document(Review("shop", "dev", "d", "1.11.4", stacks=(stack,), deferred=(("last", "count"),)))


@settings(max_examples=40)
@given(_REVIEWS)
def test_a_review_comes_back_as_it_was(review: Review) -> None:
    text = json.dumps(to_document(review))
    assert from_document(json.loads(text)) == review


def test_a_document_says_its_format_first() -> None:
    """Other programs read it: ``landform plan --json``."""
    document = _document()
    assert next(iter(document)) == "format_version"
    assert document["deferred"] == [{"stack": "last", "reason": "count"}]
    assert document["stacks"][0]["changes"][0]["action"] == "update"


def test_cost_verdict_and_digest_are_at_hand() -> None:
    cost = CostReview(Money(10, 10), Money(12, 15))
    document = to_document(Review("shop", "dev", "d", "1.11.4", cost=cost, verdict=Verdict(Result.DENY)))
    assert document["cost"]["monthly"] == {"low": 12, "high": 15}
    assert document["cost"]["difference"] == {"low": 2, "high": 5}
    assert document["verdict"]["result"] == "deny"
    assert document["digest"] == "d"


def test_a_document_of_format_1_0_is_read() -> None:
    """Saved plans of an earlier landform have no findings, policies, cost or verdict."""
    old = copy.deepcopy(_document()) | {"format_version": "1.0"}
    for key in ("findings", "policies", "cost", "verdict"):
        del old[key]
    for key in ("findings", "dependents"):
        del old["stacks"][0]["changes"][0][key]
    assert from_document(old) == from_document(_document())


def test_what_a_later_minor_version_adds_is_left_out() -> None:
    later = copy.deepcopy(_document()) | {"format_version": "1.7", "risk": "high"}
    stack = later["stacks"][0]
    added = (
        later["counts"],
        stack,
        stack["changes"][0],
        stack["changes"][0]["attributes"][0],
        stack["outputs"][0],
    )
    for part in added:
        part["added_later"] = {"x": 1}
    assert from_document(later) == from_document(_document())


@pytest.mark.parametrize("version", ["2.0", "", None, "terraform", "10.0"])
def test_a_foreign_format_is_refused(version: str | None) -> None:
    with pytest.raises(LandformError, match="can't be read") as refusal:
        from_document(_document() | {"format_version": version})
    assert refusal.value.way_out == "Plan again."


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("stacks", None),
        ("stacks", [{}]),
        ("counts", 3),
        ("deferred", ["x"]),
        ("findings", [{}]),
        ("policies", [{"result": "maybe"}]),
        ("cost", {}),
        ("verdict", {"result": "pass"}),
    ],
)
def test_a_damaged_document_is_an_error_and_not_a_crash(key: str, value: Any) -> None:
    with pytest.raises(LandformError, match="is damaged"):
        from_document(_document() | {key: value})


@pytest.mark.parametrize("action", ["explode", None])
def test_an_action_nobody_knows_is_damage(action: str | None) -> None:
    document = _document()
    document["stacks"][0]["changes"][0]["action"] = action
    with pytest.raises(LandformError, match="is damaged"):
        from_document(document)
