"""Keeps what a run came to beside the states, while it goes on: see ``ran``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from landform.errors import RecordsUnreadable
from landform.workflows.approving import Mandate
from landform.workflows.identity import whoami
from landform.workflows.journal import now
from landform.workflows.place import Place
from landform.workflows.plan import Planned
from landform.workflows.progress import Phase
from landform.workflows.ran import Ran, keep_run, last_run, last_runs, runs_backwards
from landform.workflows.records import Records
from landform.workflows.stack_digests import code_digests, value_digests
from landform.workflows.versions import versions_now


@dataclass(frozen=True, slots=True)
class RunLog:
    """The record of one run."""

    place: Place
    mandate: Mandate
    planned: Planned
    run: str

    def began(self) -> None:
        """Note that it begins: every stack it is about waits. Raises RecordsUnreadable."""
        if self._is_narrow:
            return
        keep_run(self.mandate.records, self._ran({}))

    def ended(self, phases: Mapping[str, str]) -> str:
        """Note how it ended. Returns why that could not be kept, or nothing: it is over anyway."""
        if self._is_narrow:
            return ""
        try:
            keep_run(self.mandate.records, self._ran(phases))
        except RecordsUnreadable as error:
            return error.what
        return ""

    @property
    def _is_narrow(self) -> bool:
        """Whether it is about single objects: the stacks run the code that they ran before."""
        return bool(self.mandate.record.manifest.targets)

    def _ran(self, phases: Mapping[str, str]) -> Ran:
        known = _run_of(self.place, self.planned, self.mandate.key)
        waiting = {each.stack: str(Phase.WAITING) for each in self.planned.plan.stacks if each.has_changes}
        return replace(
            known,
            run=self.run,
            plan=self.mandate.record.digest,
            phases={**known.phases, **waiting, **phases},
        )


def note_unchanged(place: Place, records: Records, planned: Planned, key: bytes) -> None:
    """Note that an environment, in which a plan found nothing to do, is as the release of its place says.

    Nothing is kept where that is known already.
    """
    found = _run_of(place, planned, key)
    known = last_runs(runs_backwards(records), place.project.order)
    same = all(
        stack in known and not known[stack].failed and _is_same(known[stack].ran, found, stack)
        for stack in found.phases
    )
    if not same or (last_run(records) or found).release != found.release:
        stamp = "".join(character for character in found.at if character.isdigit())
        name = f"{stamp[:8]}-{stamp[8:14]}-{place.environment.name}-{found.operation}-0000"
        keep_run(records, replace(found, run=name))


def _is_same(known: Ran, found: Ran, stack: str) -> bool:
    """Whether a stack has the code and the values that a run left it with."""
    return (known.code.get(stack), known.values.get(stack)) == (
        found.code.get(stack),
        dict(found.values.get(stack, {})),
    )


def _run_of(place: Place, planned: Planned, key: bytes) -> Ran:
    """A run in which every stack of a plan had nothing to do."""
    versions = versions_now(place)
    about = [each.stack for each in planned.plan.stacks]
    code = {} if planned.plan.destroy else code_digests(place)
    return Ran(
        run="",
        operation="destroy" if planned.plan.destroy else "apply",
        release=place.release.digest if place.release else "",
        at=now(),
        whole=set(about) == set(place.project.order),
        phases=dict.fromkeys(about, str(Phase.UNCHANGED)),
        code={stack: digest for stack, digest in code.items() if stack in about},
        values={stack: value_digests(place, stack, key) for stack in about},
        providers=versions.providers,
        modules=versions.modules,
        by=whoami(place).shown,
    )
