"""What is told of a slot: one sentence for people, the facts for machines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from landform.errors import RecordsUnreadable
from landform.review.certificate import Certificate
from landform.workflows.notices import Notice, NoticeKind, nights_failed, send
from landform.workflows.place import Place
from landform.workflows.records import records_of
from landform.workflows.slots import Decision, SlotKind

_TITLES = {
    NoticeKind.COMING: "{what} of {name} is coming",
    NoticeKind.DONE: "{name} is down, and nothing is left",
    NoticeKind.LEFTOVERS: "{name} is down, and something is left",
    NoticeKind.FAILED: "{what} of {name} failed",
    NoticeKind.SKIPPED: "{what} of {name} is skipped",
    NoticeKind.HELD: "{what} of {name} waits for a hold",
    NoticeKind.REBUILT: "{name} is back",
}


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells the receivers of an environment of one slot. Returns whom it could not tell, and why."""

    place: Place
    decision: Decision

    def __call__(
        self, kind: NoticeKind, why: str = "", certificate: Certificate | None = None
    ) -> tuple[str, ...]:
        slot = self.decision.slot
        name = f"{self.place.project.name} {self.place.environment.name}"
        title = _TITLES[kind].format(what=str(slot.kind).capitalize(), name=name)
        run = certificate.run if certificate else ""
        lines = tuple(self._lines(kind, why, certificate))
        data = {"why": why, "digest": certificate.digest if certificate else ""}
        return send(self.place, Notice(kind, title, lines, slot.id, run, data))

    def _lines(self, kind: NoticeKind, why: str, certificate: Certificate | None) -> Iterator[str]:
        if why:
            yield why
        if kind is NoticeKind.COMING and self.decision.slot.kind is not SlotKind.REBUILD:
            name, flags = self.place.environment.name, self.place.flags
            yield f'Keep it: landform teardown hold {name} --until "+8h" --reason TEXT{flags}'
        if kind is NoticeKind.FAILED and (nights := self._nights()) > 1:
            yield f"{nights} times in a row by now."
        for each in certificate.sweep.leftovers if certificate else ():
            yield f"{each.type} {each.shown}: {each.monthly.shown if each.monthly else 'no price'} a month"
        if certificate and certificate.savings.usd:
            yield f"Saves ${certificate.savings.usd:.2f} until it is back."

    def _nights(self) -> int:
        try:
            return nights_failed(records_of(self.place))
        except RecordsUnreadable:
            return 0
