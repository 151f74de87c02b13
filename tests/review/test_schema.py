"""The published JSON Schema describes the documents that landform prints, all of them and all of each."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cli.views import samples
from landform.cli.views.console import json_text
from landform.planning.changes import Action
from landform.review import AttributeDiff, ChangeReview, Counts, OutputReview, Review, StackReview
from landform.review.cost.model import CostLine, CostReview, Money, StackCost
from landform.review.document import FORMAT_VERSION, to_document
from landform.review.findings import Exemption, Finding, PolicyResult, Result, Severity, Verdict

_PATH = Path(__file__).resolve().parents[2] / "docs" / "reference" / "review.schema.json"
_SCHEMA: dict[str, Any] = json.loads(_PATH.read_text(encoding="utf-8"))
_PARTS = {
    "attribute": AttributeDiff, "change": ChangeReview, "output": OutputReview, "stack": StackReview,
    "counts": Counts, "finding": Finding, "policy": PolicyResult, "exemption": Exemption, "verdict": Verdict,
    "money": Money, "cost_line": CostLine, "stack_cost": StackCost,
}  # fmt: skip


def _faults(document: Any) -> list[str]:
    return [each.message for each in Draft202012Validator(_SCHEMA).iter_errors(document)]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(_SCHEMA)
    assert _SCHEMA["$id"].endswith(FORMAT_VERSION)


@pytest.mark.parametrize(
    "make", [samples.full, samples.hostile, samples.destroyed, samples.unchanged, samples.large]
)
def test_documents_are_valid(make: Callable[[], Review]) -> None:
    assert _faults(json.loads(json_text(to_document(make())))) == []


@pytest.mark.parametrize("name", _PARTS)
def test_every_key_of_a_part_is_described_and_required(name: str) -> None:
    part = _SCHEMA["$defs"][name]
    keys = {each.name for each in fields(_PARTS[name])}
    assert set(part["properties"]) == set(part["required"]) == keys


def test_every_key_of_the_whole_and_of_the_cost_is_described() -> None:
    document = to_document(samples.full())
    assert set(_SCHEMA["properties"]) == set(_SCHEMA["required"]) == set(document)
    assert set(document) == {each.name for each in fields(Review)} | {"format_version"}
    assert set(_SCHEMA["$defs"]["cost"]["required"]) == set(document["cost"])
    known = {each.name for each in fields(CostReview)}
    assert set(document["cost"]) == known - {"after"} | {"monthly", "difference"}


@pytest.mark.parametrize(("name", "words"), [("action", Action), ("severity", Severity), ("result", Result)])
def test_the_closed_sets_are_those_of_the_program(name: str, words: type[StrEnum]) -> None:
    assert set(_SCHEMA["$defs"][name]["enum"]) == {str(each) for each in words}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format_version",), "2.0"),
        (("verdict", "result"), "maybe"),
        (("cost", "monthly"), 12),
        (("stacks", 0, "stack"), None),
        (("findings", 0, "severity"), "bad"),
    ],
)
def test_it_finds_what_is_wrong(path: tuple[Any, ...], value: Any) -> None:
    document: Any = to_document(samples.full())
    part = document
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    assert _faults(document)


def test_a_later_minor_version_that_adds_is_valid_too() -> None:
    later = to_document(replace(samples.full(), cost=None)) | {"format_version": "1.9", "new": 1}
    assert _faults(later) == []
