"""Tells people what a schedule does to an environment: topics of SNS and webhooks, each once.

A notice is sent at most once to each receiver, by a record beside the states that is written before: a job
that is repeated repeats no notice. What can't be delivered is said, and stops nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import takewhile
from typing import Any

from landform.aws.topics import publish
from landform.errors import LandformError
from landform.project import Notify
from landform.project.times import webhook_fault
from landform.review.review import short
from landform.workflows.journal import now
from landform.workflows.place import Place
from landform.workflows.records import Records, records_of
from landform.workflows.slot_claims import Ending, slot_results
from landform.workflows.slots import SlotKind
from landform.workflows.webhooks import post

FORMAT_VERSION = "1.0"
_FOLDER = "notices"
_TITLE, _LINE, _LINES = 200, 500, 60
_MENTION = re.compile(r"(?<![^\W_])@(?=\w)|@(?=(?:here|channel|all|everyone)\b)", re.IGNORECASE)
_NO_WIDTH = "\u200b"


class NoticeKind(StrEnum):
    """What a notice is about."""

    COMING = "coming"
    DONE = "done"
    FAILED = "failed"
    LEFTOVERS = "leftovers"
    SKIPPED = "skipped"
    HELD = "held"
    REBUILT = "rebuilt"


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said. ``title`` is one line, ``lines`` are plain text; both may hold text from outside.

    ``slot`` is the slot's id; without one, ``run`` tells a notice from another. ``data`` is for machines.
    """

    kind: NoticeKind
    title: str
    lines: tuple[str, ...] = ()
    slot: str = ""
    run: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def send(place: Place, notice: Notice) -> tuple[str, ...]:
    """Tell every receiver of the environment that was not told yet. Returns why, for each that could not be.

    Receivers and records that fail raise nothing: a teardown goes on without its notice.
    """
    teardown = place.environment.teardown
    receivers = teardown.notify if teardown else ()
    shown = _visible(notice)
    told = (_told(place, receiver, number, shown) for number, receiver in enumerate(receivers, start=1))
    return tuple(filter(None, told))


def nights_failed(records: Records) -> int:
    """How many teardowns have failed in a row by now, the newest last. Raises RecordsUnreadable.

    A rebuild is none, and a slot that was skipped on purpose neither counts nor ends the row.
    """
    results = (each for each in reversed(slot_results(records)) if not each.slot.startswith(SlotKind.REBUILD))
    ran = (each for each in results if each.ending is not Ending.SKIPPED)
    return sum(1 for _ in takewhile(lambda each: each.ending is Ending.FAILED, ran))


def _told(place: Place, receiver: Notify, number: int, notice: Notice) -> str:
    """Why a receiver was not told; an empty string where it was, now or before."""
    name = receiver.sns or (f"${receiver.webhook_env}" if receiver.webhook_env else f"webhook {number}")
    url = receiver.webhook or os.environ.get(receiver.webhook_env, "").strip()
    fault = _unusable(receiver, url)
    try:
        if not fault and _first(place, receiver, notice):
            fault = post(url, _document(place, notice)) if url else _publish(place, receiver.sns, notice)
    except LandformError as error:
        fault = error.what
    return f"{name} was not told: {fault}" if fault else ""


def _unusable(receiver: Notify, url: str) -> str:
    """What is wrong before anything is tried."""
    if receiver.sns:
        return ""
    return webhook_fault(url) if url else "the variable is not set here"


def _first(place: Place, receiver: Notify, notice: Notice) -> bool:
    """Whether nobody has told this receiver. Who writes it down, before it is done, is the one to do it."""
    identity = receiver.sns or receiver.webhook or receiver.webhook_env
    digest = hashlib.sha256(identity.encode()).hexdigest()[:32]
    name = f"{_FOLDER}/{notice.slot or notice.run}-{notice.kind}-{digest}.json"
    content = {"kind": str(notice.kind), "slot": notice.slot, "run": notice.run, "at": now()}
    return records_of(place).put(name, json.dumps(content, sort_keys=True).encode())


def _publish(place: Place, arn: str, notice: Notice) -> str:
    names = {"project": place.project.name, "environment": place.environment.name, "kind": str(notice.kind)}
    client = place.client("sns", arn.split(":")[3])
    publish(client, arn, notice.title, _text(place, notice), names)
    return ""


def _document(place: Place, notice: Notice) -> dict[str, Any]:
    """What a webhook gets. ``text`` is what chats show."""
    return {
        "format_version": FORMAT_VERSION,
        "kind": str(notice.kind),
        "project": place.project.name,
        "environment": place.environment.name,
        "where": place.where,
        "title": notice.title,
        "lines": list(notice.lines),
        "slot": notice.slot,
        "run": notice.run,
        "data": dict(notice.data),
        "text": _chat(_text(place, notice)),
    }


def _text(place: Place, notice: Notice) -> str:
    about = (f"{place.project.name} {place.environment.name}", place.where, notice.slot, notice.run)
    return "\n".join([notice.title, *_fitting(notice.lines), " · ".join(filter(None, about))])


def _fitting(lines: tuple[str, ...]) -> Iterator[str]:
    """As many lines as a reader, and every receiver, will take."""
    yield from lines[:_LINES]
    if len(lines) > _LINES:
        yield f"and {len(lines) - _LINES} more"


def _chat(text: str) -> str:
    """The text as Slack wants it (https://docs.slack.dev/messaging/formatting-message-text/).

    ``&``, ``<`` and ``>`` are escaped, so nothing is a link or a mention. What chats of the same format take
    for one (``@here``, ``[a](b)``) is broken by a character without width.
    """
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MENTION.sub(f"@{_NO_WIDTH}", escaped).replace("](", f"]{_NO_WIDTH}(")


def _visible(notice: Notice) -> Notice:
    """The notice with every character of its text to be seen, each line one line and not too long."""
    lines = tuple(_one_line(each, _LINE) for each in notice.lines)
    return replace(notice, title=_one_line(notice.title, _TITLE), lines=lines)


def _one_line(text: str, longest: int) -> str:
    """What a reader can't see is spelt out, so that it can't deceive."""
    text = text.replace("\n", "⏎")
    return short("".join(each if each.isprintable() else ascii(each)[1:-1] for each in text), longest)
