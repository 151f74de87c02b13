"""The history of an environment: who approved and applied what. Append only; each entry seals the last.

Entry N is the record ``audit/N``. It holds the sha256 of entry N-1, so nothing before the last entry can be
changed, taken out or put elsewhere without notice. Two writers never make the same entry: a record is
written once.

Not noticed: that the newest entries were taken away, all of them from some entry on, by somebody who may
delete records. Then an approval looks unused again; the states it was given for have moved on, though, and
with them the plan's digest. S3's versions keep what was deleted, and Object Lock keeps it from being deleted.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from landform.errors import RecordsUnreadable, Refused
from landform.workflows.journal import now
from landform.workflows.records import Records, read_all

_FOLDER = "audit"
_TRIES = 50
_FRAME = ("number", "at", "event", "previous", "token")


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. ``number`` counts from 1; ``details`` are what the event is about, without any secret."""

    number: int
    at: str
    event: str
    details: Mapping[str, Any]


History: TypeAlias = tuple[Entry, ...]


def append(
    records: Records, event: str, check: Callable[[History], None] | None = None, /, **details: Any
) -> Entry:
    """Add an event at the end; it is kept before this returns.

    ``check`` raises where the history does not allow the event; no other event comes between the history it
    sees and this one. Raises RecordsUnreadable, and Refused for a damaged history.
    """
    token = secrets.token_hex(8)  # no two entries are the same, even of one second
    for _ in range(_TRIES):
        history, last = _read(records)
        if check is not None:
            check(history)
        number, at = len(history) + 1, now()
        entry = details | {"number": number, "at": at, "event": event, "previous": last, "token": token}
        name, content = _name(number), _canonical(entry)
        # A write that was repeated because its answer got lost finds itself.
        if records.put(name, content) or records.get(name) == content:
            return Entry(number, at, event, details)
    raise RecordsUnreadable("the history could not be written: too many others write it at this moment")


def read_audit(records: Records) -> History:
    """The whole history, verified. Raises Refused where an entry is missing or was changed."""
    return _read(records)[0]


def _read(records: Records) -> tuple[History, str]:
    """The history, and the seal of its last entry."""
    names = records.names(f"{_FOLDER}/")
    entries, seal = [], ""
    for number, (name, content) in enumerate(zip(names, read_all(records, names), strict=True), 1):
        if name != _name(number) or content is None:
            raise _damaged(f"entry {number} is missing")
        document = _parsed(content, number)
        if document.get("number") != number or _canonical(document) != content:
            raise _damaged(f"entry {number} was changed")
        if document.get("previous") != seal:
            raise _damaged(f"entry {max(number - 1, 1)} or {number} was changed")
        details = {key: value for key, value in document.items() if key not in _FRAME}
        entries.append(Entry(number, str(document.get("at")), str(document.get("event")), details))
        seal = hashlib.sha256(content).hexdigest()
    return tuple(entries), seal


def _parsed(content: bytes, number: int) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise _damaged(f"entry {number} was changed")
    return document


def _damaged(what: str) -> Refused:
    return Refused(
        f"the history of this environment is not what was written: {what}",
        "Find out who did it, and restore the records; a versioned bucket keeps the earlier ones.",
    )


def _canonical(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _name(number: int) -> str:
    return f"{_FOLDER}/{number:08}.json"
