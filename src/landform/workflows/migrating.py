"""Moves the states of one environment to where landform.yaml says they are now.

Not with ``terraform init -migrate-state``: between backends with workspaces that copies every workspace of a
root, so one environment could not move alone, and where environments have buckets of their own, prod's state
would land in dev's. Each state is read from the old place and pushed to the new one by Terraform, which takes
the lock there, and refuses another lineage and an older serial. The old place is never written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from landform.errors import LandformError, Refused
from landform.planning.state_difference import state_difference
from landform.planning.state_instances import managed_addresses
from landform.planning.states import StackState, parse_state
from landform.workflows.audit import append, read_audit
from landform.workflows.identity import whoami
from landform.workflows.journal import Run, start_run
from landform.workflows.place import Place
from landform.workflows.plan import known_secrets
from landform.workflows.record_copying import copy_records
from landform.workflows.records import Records, records_of
from landform.workflows.restoring import check_unlocked
from landform.workflows.state_homes import StateHome, own_home
from landform.workflows.state_pushing import Pusher
from landform.workflows.state_sources import Source, read_source
from landform.workflows.states import states_in

MOVED = "states moved"


class Fate(StrEnum):
    """What a migration does with the state of a stack."""

    MOVE = "move"
    THERE = "there already"
    NOTHING = "no state to move"


@dataclass(frozen=True, slots=True)
class Move:
    """One stack's state: what it is, and ``serial_there`` in the new place, 0 where there is none yet."""

    stack: str
    fate: Fate
    lineage: str = ""
    serial: int = 0
    resources: int = 0
    serial_there: int = 0


@dataclass(frozen=True, slots=True)
class Migration:
    """What is to be moved. ``strangers`` are states of the old place that no stack of the project has."""

    source: Source
    target: StateHome
    moves: tuple[Move, ...]
    strangers: tuple[str, ...] = ()

    @property
    def waiting(self) -> tuple[Move, ...]:
        """Those that still have to be moved."""
        return tuple(each for each in self.moves if each.fate is Fate.MOVE)


@dataclass(frozen=True, slots=True)
class Migrated:
    """How it ended. ``history`` says why the history was not taken along, if it was not."""

    environment: str
    run: str
    moves: tuple[Move, ...]
    history: str = ""


def prepare_migration(place: Place, source_text: str) -> Migration:
    """Compare both places. Raises Refused for locks, and for states of another lineage in the new place."""
    source, target = read_source(place, source_text), own_home(place)
    names = place.project.order
    if source.home.address(names[0]) == target.address(names[0]):
        raise LandformError(
            f"--from is where landform.yaml has the states of {place.environment.name} already",
            "Put the new place into backend: of landform.yaml, and the old one into --from.",
        )
    for name in names:
        check_unlocked(source.home, name)
        check_unlocked(target, name)
    old, new = states_in(source.home, names), states_in(target, names)
    _check_lineages(target, old, new)
    moves = tuple(_move(old[name], new[name]) for name in names)
    strangers = tuple(name for name in source.home.stacks() if name not in place.project.stack_by_name)
    if all(each.fate is Fate.NOTHING for each in moves):
        raise _nothing(source.home, names)
    return Migration(source, target, moves, strangers)


def migrate(place: Place, wanted: Migration, on_move: Callable[[Move], None]) -> Migrated:
    """Move one state after the other; ``on_move`` hears of each. Run again, it goes on where it ended."""
    run = start_run(place.runs, place.environment.name, "migrate", known_secrets(place))
    where = {"from": wanted.source.home.where, "to": wanted.target.where}
    run.record("started", operation="migrate", environment=place.environment.name, **where)
    records = records_of(place)
    history = copy_records(wanted.source.records, records) if wanted.source.records else _NOT_FOUND
    try:
        moves = tuple(_carried_out(place, run, wanted, on_move))
    except LandformError as error:
        run.record("ended", why=error.what)
        raise
    stacks = {each.stack: _facts(each) for each in moves}
    if wanted.waiting or not _is_noted(records, where):
        append(records, MOVED, run=run.id, by=asdict(whoami(place)), stacks=stacks, **where)
    run.record("ended", stacks=stacks)
    return Migrated(place.environment.name, run.id, moves, history)


def _is_noted(records: Records, where: Mapping[str, str]) -> bool:
    """Whether a migration that was killed had got as far as the history, or a finished one is run again."""
    moved = (each.details for each in read_audit(records) if each.event == MOVED)
    return any(where.items() <= details.items() for details in moved)


_NOT_FOUND = "the history of the old place is not known to --from; it stays where it was"


def _carried_out(
    place: Place, run: Run, wanted: Migration, on_move: Callable[[Move], None]
) -> Iterator[Move]:
    pusher = Pusher.of(place, run)
    for move in wanted.moves:
        done = _moved(pusher, wanted, move) if move.fate is Fate.MOVE else move
        run.record("stack ended", stack=move.stack, fate=str(move.fate), **_facts(done))
        on_move(done)
        yield done


def _moved(pusher: Pusher, wanted: Migration, move: Move) -> Move:
    stack, home = move.stack, wanted.source.home
    check_unlocked(home, stack)
    found = home.get(stack)
    before = parse_state(stack, found.content if found else None)
    if found is None or before.document is None:
        raise LandformError(f"the state of {stack} was there a moment ago: {home.address(stack)}", _AGAIN)
    pusher.push(stack, found.content)
    both = states_in(home, [stack])[stack], states_in(wanted.target, [stack])[stack]
    _verify(stack, before, *both)
    return _move(both[0], both[1], Fate.MOVE)


_AGAIN = "Run it again: what has moved already is left as it is."


def _verify(stack: str, before: StackState, old: StackState, new: StackState) -> None:
    """Raise LandformError unless the new state is the old one, and that is still what was read."""
    if (old.lineage, old.serial) != (before.lineage, before.serial):
        raise LandformError(f"the old state of {stack} has changed while it was moved", _AGAIN)
    same = new.lineage == old.lineage and new.serial >= old.serial
    if not same or not state_difference(old, new).is_empty:
        raise LandformError(
            f"the state of {stack} in the new place is not the old one",
            "Somebody else has written it meanwhile. The old one is as it was.",
        )


def _move(old: StackState, new: StackState, fate: Fate | None = None) -> Move:
    count = len(managed_addresses(old))
    return Move(old.stack, fate or _fate(old, new), old.lineage, old.serial, count, new.serial)


def _fate(old: StackState, new: StackState) -> Fate:
    holds_nothing = old.is_empty and new.document is not None and new.lineage != old.lineage
    if old.document is None or holds_nothing:
        return Fate.NOTHING
    return Fate.THERE if new.lineage == old.lineage and new.serial >= old.serial else Fate.MOVE


def _check_lineages(target: StateHome, old: Mapping[str, StackState], new: Mapping[str, StackState]) -> None:
    """A state that Terraform would not replace, or should not: all of them at once."""
    others = [
        f"{target.address(name)} is of lineage {new[name].lineage}, not {state.lineage}"
        for name, state in old.items()
        if not state.is_empty and not new[name].is_empty and new[name].lineage != state.lineage
    ]
    if others:
        raise Refused(
            f"the new place holds other states: {'; '.join(others)}",
            "Look at them with landform state show; move them away, or choose another place.",
        )


def _nothing(home: StateHome, names: Iterable[str]) -> LandformError:
    looked = ", ".join(home.address(name) for name in names)
    return LandformError(
        f"there is no state at --from; looked for {looked}",
        "--from is what stands before /ENV/STACK/terraform.tfstate in the bucket: key_prefix and project. "
        "Or name whole keys, with {stack} in them.",
    )


def _facts(move: Move) -> Mapping[str, object]:
    found = asdict(move)
    return {name: found[name] for name in ("lineage", "serial", "serial_there", "resources")}
