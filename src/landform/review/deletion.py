"""A list of leftovers that is to be deleted exactly as it was shown, or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landform.errors import Refused
from landform.review.certificate import sweep_document, sweep_of
from landform.review.sweep import Found, Sweep


@dataclass(frozen=True, slots=True)
class DeletionList:
    """``doomed`` go, by ARN; all else of the ``sweep`` stays. ``states`` are lineage and serial by stack."""

    sweep: Sweep
    doomed: tuple[str, ...]
    states: Mapping[str, str]

    @property
    def items(self) -> tuple[Found, ...]:
        """What goes, in the order in which it can."""
        by_arn = {each.arn: each for each in self.sweep.leftovers}
        return tuple(by_arn[arn] for arn in self.doomed)

    @property
    def staying(self) -> tuple[Found, ...]:
        """Leftovers that nobody here knows how to delete."""
        return tuple(each for each in self.sweep.leftovers if each.arn not in self.doomed)

    @property
    def digest(self) -> str:
        """sha256 of its content."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def content(self) -> bytes:
        """The list as it is kept."""
        document = {"sweep": sweep_document(self.sweep), "doomed": self.doomed, "states": dict(self.states)}
        text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode("utf-8", "surrogatepass")


def read_list(content: bytes, digest: str) -> DeletionList:
    """The list with this digest. Raises Refused where the content is another."""
    try:
        document: dict[str, Any] = json.loads(content)
        found = DeletionList(sweep_of(document["sweep"]), tuple(document["doomed"]), dict(document["states"]))
        fits = found.digest == digest and found.content == content and len(found.items) == len(found.doomed)
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"the list {digest[:12]} is damaged", "Make a new one.") from error
    if not fits:
        raise Refused(f"the list {digest[:12]} is not what was written", "Make a new one.")
    return found
