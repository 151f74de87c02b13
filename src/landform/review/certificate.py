"""The certificate of a teardown: what was destroyed, what a sweep of the account found afterwards.

As JSON, docs/reference/certificate.schema.json describes it. Its digest is the sha256 of its canonical JSON
(keys sorted, no spaces, UTF-8) without the digest itself.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

from landform.errors import Refused
from landform.review.approval import Person
from landform.review.cost.model import Money
from landform.review.sweep import Class, Found, StateLeft, Sweep

FORMAT_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Destroyed:
    """One object that the run was to destroy."""

    stack: str
    address: str
    type: str


@dataclass(frozen=True, slots=True)
class Savings:
    """What the teardown saves, as its caller works it out; None: nobody did."""

    hours: float | None = None
    hourly_usd: float | None = None
    usd: float | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """One teardown. ``started`` and ``ended`` are RFC 3339 in UTC; ``digest`` is empty before the seal."""

    run: str
    by: Person
    started: str
    ended: str
    sweep: Sweep
    destroyed: tuple[Destroyed, ...] = ()
    savings: Savings = Savings()
    digest: str = ""

    @property
    def counts(self) -> Mapping[str, int]:
        """How many objects were destroyed, by type, the most first."""
        return dict(Counter(each.type for each in self.destroyed).most_common())


def to_document(certificate: Certificate) -> dict[str, Any]:
    """The certificate as JSON data, sealed by its digest."""
    document: dict[str, Any] = {"format_version": FORMAT_VERSION, **_plain(certificate)}
    document |= {"counts": dict(certificate.counts)}
    sweep = document["sweep"] = sweep_document(certificate.sweep)
    document |= {"clean": sweep["clean"], "complete": sweep["complete"]}
    return {**document, "digest": digest_of(document)}


def sweep_document(sweep: Sweep) -> dict[str, Any]:
    """A sweep as JSON data."""
    return {
        **_plain(sweep),
        "counts": {str(each): number for each, number in sweep.counts.items()},
        "monthly": _plain(sweep.monthly),
        "unpriced": sweep.unpriced,
        "clean": sweep.is_clean,
        "complete": sweep.is_complete,
    }


def digest_of(document: Mapping[str, Any]) -> str:
    """The digest of a certificate's document, whatever it says that it is."""
    rest = {name: value for name, value in document.items() if name != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def verify(content: bytes | str) -> Certificate:
    """The certificate that a text holds. Raises Refused where it is none, or is not what was written."""
    try:
        document = json.loads(content)
        said = document["digest"]
        found = _certificate(document)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused("this is no certificate of landform", "Name a file of certificates/.") from error
    if not str(document["format_version"]).startswith("1."):
        raise Refused(
            f"the certificate has format {document['format_version']}, which is later than this landform"
        )
    if said != digest_of(document) or to_document(found) != document:
        raise Refused(
            "the certificate is not what was written: its digest does not fit it",
            "Find out who changed it; a versioned bucket keeps what was written first.",
        )
    return found


def sweep_of(document: Mapping[str, Any]) -> Sweep:
    """The sweep that JSON data holds. Raises KeyError, TypeError or ValueError where it holds none."""
    found = tuple(
        Found(**each | {"standing": Class(each["standing"]), "monthly": _money(each["monthly"])})
        for each in document["found"]
    )
    states = tuple(StateLeft(**each) for each in document["states"])
    own = {each.name: document[each.name] for each in fields(Sweep)}
    own = {name: tuple(value) if isinstance(value, list) else value for name, value in own.items()}
    return Sweep(**own | {"found": found, "states": states})


def _certificate(document: Mapping[str, Any]) -> Certificate:
    return Certificate(
        document["run"],
        Person(**document["by"]),
        document["started"],
        document["ended"],
        sweep_of(document["sweep"]),
        tuple(Destroyed(**each) for each in document["destroyed"]),
        Savings(**document["savings"]),
        document["digest"],
    )


def _money(value: Mapping[str, float] | None) -> Money | None:
    return None if value is None else Money(**value)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if hasattr(value, "__dataclass_fields__"):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return value
