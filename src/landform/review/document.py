"""A review as JSON and back: what ``--json`` prints and what ``landform show`` reads.

``format_version`` follows Terraform's rule: a new minor version only adds, a new major version may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar

from landform.errors import LandformError
from landform.planning.changes import Action
from landform.review.model import AttributeDiff, ChangeReview, Counts, OutputReview, Review, StackReview

FORMAT_VERSION = "1.0"

_Part = TypeVar("_Part")


def to_document(review: Review) -> dict[str, Any]:
    """The review as JSON data."""
    document: dict[str, Any] = {"format_version": FORMAT_VERSION} | _plain(review)
    document["deferred"] = [{"stack": stack, "reason": reason} for stack, reason in review.deferred]
    return document


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


def from_document(document: Mapping[str, Any]) -> Review:
    """The review again. Raises LandformError for a document of another format."""
    version = str(document.get("format_version", ""))
    if not version.startswith("1."):
        raise LandformError(f"a saved plan of format {version or 'unknown'} can't be read", "Plan again.")
    try:
        return _review(document)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise LandformError(f"the saved plan is damaged: {error}", "Plan again.") from error


def _review(raw: Mapping[str, Any]) -> Review:
    return _made(
        Review,
        raw,
        counts=_made(Counts, raw["counts"]),
        stacks=tuple(_stack(each) for each in raw["stacks"]),
        deferred=tuple((each["stack"], each["reason"]) for each in raw["deferred"]),
        failed_checks=tuple(raw["failed_checks"]),
    )


def _stack(raw: Mapping[str, Any]) -> StackReview:
    return _made(
        StackReview,
        raw,
        upstream=tuple(raw["upstream"]),
        caused_by=tuple(raw["caused_by"]),
        changes=tuple(_change(each) for each in raw["changes"]),
        drift=tuple(_change(each) for each in raw["drift"]),
        outputs=tuple(_made(OutputReview, each, action=Action(each["action"])) for each in raw["outputs"]),
    )


def _change(raw: Mapping[str, Any]) -> ChangeReview:
    return _made(
        ChangeReview,
        raw,
        action=Action(raw["action"]),
        caused_by=tuple(raw["caused_by"]),
        attributes=tuple(
            _made(AttributeDiff, each, sources=tuple(each["sources"])) for each in raw["attributes"]
        ),
    )


def _made(kind: type[_Part], raw: Mapping[str, Any], **read: Any) -> _Part:
    """A part of a review; what a later minor version added to it is left out."""
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in raw.items() if name in known} | read)
