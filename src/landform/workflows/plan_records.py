"""A plan as it can be approved: its manifest, its fingerprints, the review people see, and who made it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from landform import __version__
from landform.engine import Engine
from landform.errors import LandformError, Refused
from landform.generator.parts import GENERATED
from landform.generator.roots import backend_config
from landform.planning.annotations import ActionInvocation
from landform.planning.changes import Action
from landform.planning.environment_plan import EnvironmentPlan
from landform.planning.fingerprints import Fingerprint, digest_of, fingerprints, from_json, to_json
from landform.planning.manifest import DISARM, Manifest
from landform.planning.states import StackState
from landform.review import Review
from landform.review.approval import Person
from landform.review.document import from_document, to_document
from landform.workflows.frozen import sources_of
from landform.workflows.initialised import LOCK
from landform.workflows.journal import now
from landform.workflows.place import Place
from landform.workflows.records import Records

_FOLDER = "plans"


@dataclass(frozen=True)
class PlanRecord:
    """One plan of an environment. ``content`` is the record as it is kept."""

    manifest: Manifest
    prints: tuple[Fingerprint, ...]
    review: Review
    planner: Person
    at: str
    content: bytes

    @property
    def digest(self) -> str:
        """The plan's name."""
        return self.manifest.digest

    @cached_property
    def seal(self) -> str:
        """The sha256 of the record: what an approval binds, with everything that was seen."""
        return hashlib.sha256(self.content).hexdigest()


def make_record(
    manifest: Manifest, prints: Sequence[Fingerprint], review: Review, planner: Person
) -> PlanRecord:
    """The record of a plan that was made just now."""
    at = now()
    document = {
        "manifest": manifest.to_json(),
        "prints": to_json(prints),
        "review": to_document(review),
        "planner": asdict(planner),
        "at": at,
    }
    content = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return PlanRecord(manifest, tuple(prints), review, planner, at, content)


def save_record(records: Records, record: PlanRecord) -> PlanRecord:
    """Keep a record; of equal plans the first stays, and is returned.

    Raises RecordsUnreadable, and Refused where the one that is kept shows people something else: equal plans
    show the same, so somebody has edited it.
    """
    if records.put(_name(record.digest), record.content):
        return record
    kept = read_record(records, record.digest)
    if _shown_changes(kept.review) != _shown_changes(record.review):
        raise _changed(record.digest)
    return kept


def _shown_changes(review: Review) -> str:
    """What a review says of the changes that the digest binds: addresses, actions, values that are known."""
    found: list[Any] = []
    for stack in to_document(review)["stacks"]:
        for each in stack["changes"]:
            ends = each["action"] in (Action.DELETE, Action.FORGET)
            values = [[one["path"], one["after"]] for one in each["attributes"] if not one["unknown"]]
            found.append([each["address"], each["action"], [] if ends else values])
        found += [[stack["stack"], each["name"], each["action"]] for each in stack["outputs"]]
    return json.dumps(found, sort_keys=True)


def command_of(record: PlanRecord, flags: str = "") -> str:
    """The command that carries a plan out: of single objects, it puts drift back or lifts protections."""
    manifest = record.manifest
    if manifest.operation == DISARM:
        return f"landform destroy {manifest.environment}{flags}"
    if manifest.targets:
        return f"landform drift {manifest.environment} --revert{flags}"
    return f"landform {manifest.operation} {manifest.environment}{flags}"


def find_digest(records: Records, start: str) -> str:
    """The digest of the plan whose digest begins so. Raises Refused for none and for several."""
    known = [name.removeprefix(f"{_FOLDER}/").removesuffix(".json") for name in records.names(f"{_FOLDER}/")]
    found = [digest for digest in known if len(start) >= 6 and digest.startswith(start)]
    if len(found) == 1:
        return found[0]
    what = f"{len(found)} plans begin with {start!r}" if found else f"no plan {start!r} is kept here"
    raise Refused(what, "A digest's first 12 characters stand in the review: landform plan ENV")


def read_record(records: Records, digest: str) -> PlanRecord:
    """A kept record, checked against its name. Raises Refused where it was changed, or is not there."""
    content = records.get(_name(digest))
    if content is None:
        raise Refused(f"the plan {digest[:12]} is not kept here", "Plan again.")
    try:
        found = _parse(json.loads(content), content)
    except (LandformError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise _changed(digest) from error
    if found.digest != digest or digest_of(found.prints) != found.manifest.plan:
        raise _changed(digest)
    return found


def _changed(digest: str) -> Refused:
    return Refused(
        f"the plan's file {digest[:12]} is not what was written",
        f"Find out who did it, delete the record {_name(digest)} beside the states, and plan again.",
    )


def _parse(document: Mapping[str, Any], content: bytes) -> PlanRecord:
    return PlanRecord(
        Manifest.from_json(document["manifest"]),
        from_json(document["prints"]),
        from_document(document["review"]),
        Person(**document["planner"]),
        str(document["at"]),
        content,
    )


def _name(digest: str) -> str:
    return f"{_FOLDER}/{digest}.json"


def prints_of(plan: EnvironmentPlan, key: bytes) -> tuple[Fingerprint, ...]:
    """The fingerprints of everything a plan changes."""
    outputs = [output for stack in plan.stacks for output in stack.outputs]
    found = fingerprints([*plan.changes, *outputs], key)
    return (*found, *sorted(map(_of_invocation, plan.invocations), key=lambda each: each.address))


def _of_invocation(invocation: ActionInvocation) -> Fingerprint:
    """An action that an apply runs, as if it were an object that it changes."""
    where = f"{invocation.address} ({invocation.event} of {invocation.triggered_by})"
    return Fingerprint(where, None, Action.UPDATE)


def manifest_of(
    place: Place, states: Mapping[str, StackState], operation: str, stacks: Sequence[str], key: bytes
) -> Manifest:
    """The manifest of what lies there now, without the plan itself."""
    sources = sources_of(place.project)
    return Manifest(
        place.project.name,
        place.environment.name,
        operation,
        _where(place),
        "",
        _engine(place.engine),
        tuple(sorted(stacks)),
        dict(sources.hashes),
        _locks(place),
        _values(place, key),
        {name: _state(state) for name, state in sorted(states.items())},
    )


def _where(place: Place) -> str:
    account = place.environment.account_id or ("an account" if place.emulated else _account(place))
    return f"{account}{' of an emulator' if place.emulated else ''}, {place.environment.region}"


def _account(place: Place) -> str:
    """The account that the environment's file leaves open: another one's plan is another plan."""
    from landform.aws.session import caller_account

    try:
        return caller_account(place.access)
    except LandformError:  # a project may do without AWS
        return "no account"


def _engine(engine: Engine) -> str:
    """Both programs: another landform may see another thing in the same plan."""
    return f"{engine.product.value} {engine.version}, landform {__version__}"


def _locks(place: Place) -> dict[str, str]:
    """The provider locks that Terraform is going to use."""
    found = {}
    for name in place.project.order:
        path = place.project.folder / GENERATED / name / LOCK
        if path.is_file():
            found[f"{GENERATED}/{name}/{LOCK}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def _values(place: Place, key: bytes) -> dict[str, str]:
    """The environment's files, what Terraform gets of them, the shell's variables; hashed with a key."""
    name = place.environment.name
    folder = place.home / "environments" / name
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    backend = backend_config(place.project, place.environment)
    files += [place.home / backend.relative_to(place.project.folder)] if backend else []
    originals = replace(place, copied_values=()).var_files
    found = {_shown(path, place.home): path.read_bytes() for path in files if path.is_file()}
    found["the key of the records"] = b""  # so that a new one is named where everything else differs too
    # Last, because these are the copies that Terraform is going to read.
    for original, used in zip(originals, place.var_files, strict=True):
        found[_shown(original, place.home)] = used.read_bytes()
    for variable in place.project.effective_variables:
        if f"TF_VAR_{variable}" in place.env:
            found[f"TF_VAR_{variable}"] = place.env[f"TF_VAR_{variable}"].encode()
    return {each: _keyed(content, key) for each, content in sorted(found.items())}


def _shown(path: Path, home: Path) -> str:
    return path.relative_to(home).as_posix() if home in path.parents else str(path)


def _keyed(content: bytes, key: bytes) -> str:
    return hashlib.blake2b(content, key=key, digest_size=16).hexdigest()


def _state(state: StackState) -> str:
    return f"{state.lineage}/{state.serial}" if state.document else ""
