"""Proof of where a command would work, before it changes anything: account, region, workspace, state keys.

Each is compared with what ``environment.yaml`` and ``landform.yaml`` say; all that differs is refused at
once, with both values. Where an environment stands is noted at its first apply, because nothing else tells
that a region in a file was edited: Terraform would plan the same resources again somewhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from landform.errors import RecordsUnreadable, Refused
from landform.project import BackendKind
from landform.project.state_keys import state_key, state_store, workspace_key_prefix
from landform.workflows.place import Place
from landform.workflows.records import Records, records_of

_NOTE = "place"
_WAY_OUT = "Nothing was planned or changed."


def prove_whereabouts(place: Place) -> None:
    """Raise Refused unless a change would happen exactly where the environment's files say."""
    wrong = list(_wrong_account(place))
    if not wrong:  # another account may not, or must not, be asked for this one's bucket
        wrong += [*_wrong_bucket_region(place), *_moved(place, records_of(place))]
    for stack in place.project.order:
        wrong += _wrong_data_folder(place, stack)
    if wrong:
        raise Refused(f"{place.environment.name} is not where it should be: {'; '.join(wrong)}", _WAY_OUT)


def note_whereabouts(place: Place, records: Records) -> None:
    """Note where an environment stands; what was noted before stays."""
    records.put(_NOTE, json.dumps(_here(place), sort_keys=True).encode())


def forget_whereabouts(records: Records) -> None:
    """Forget the note: the environment is gone, and may come back anywhere."""
    with suppress(RecordsUnreadable):  # then the next apply elsewhere is refused, and says why
        records.remove(_NOTE)


def _wrong_account(place: Place) -> Iterator[str]:
    wanted = place.environment.account_id
    if wanted is not None:
        from landform.aws.session import caller_account

        found = caller_account(place.access)
        if found != wanted:
            yield f"the credentials are of account {found}, environment.yaml says {wanted}"


def _wrong_bucket_region(place: Place) -> Iterator[str]:
    if place.project.backend.kind is not BackendKind.S3:
        return
    from landform.aws.state_objects import bucket_region

    store = state_store(place.project, place.environment)
    found = bucket_region(place.client("s3", store.region), store.bucket)
    if found is not None and found != store.region:
        yield f"the state bucket {store.bucket} lies in {found}, the backend says {store.region}"


def _moved(place: Place, records: Records) -> Iterator[str]:
    content = records.get(_NOTE)
    if content is None:
        return
    try:
        noted = dict(json.loads(content))
    except (ValueError, TypeError) as error:
        raise RecordsUnreadable(
            f"the note of where {place.environment.name} stands is damaged",
            f"Delete the record {_NOTE!r} beside the states.",
        ) from error
    for name, now in _here(place).items():
        was = noted.get(name)
        if was and now and was != now:
            yield f"it was applied in {name} {was}, environment.yaml says {now}"


def _here(place: Place) -> dict[str, str]:
    environment = place.environment
    return {"account": environment.account_id or "", "region": environment.region}


def _wrong_data_folder(place: Place, stack: str) -> Iterator[str]:
    """What Terraform keeps in a data folder wins over the root's files, so both have to say the same."""
    folder = place.data_dir(stack)
    workspace = _text(folder / "environment").strip()
    if workspace and workspace != place.environment.name:
        yield (
            f"{_shown(place, folder)} selects the workspace {workspace}, it should be "
            f"{place.environment.name} (remove the file 'environment' in it)"
        )
    saved = _json(folder / "terraform.tfstate").get("backend") or {}
    config = saved.get("config") or {}
    for name, wanted in _expected_backend(place, stack).items() if saved else ():
        found = config.get(name)
        if found != wanted:
            yield (
                f"{_shown(place, folder)} keeps the state at {name} {found}, it should be {wanted} "
                "(landform state migrate moves states; without any, remove that folder)"
            )


def _expected_backend(place: Place, stack: str) -> Mapping[str, str]:
    if place.project.backend.kind is BackendKind.LOCAL:
        return {"workspace_dir": str(place.state_dir / stack)}
    store = state_store(place.project, place.environment)
    return {
        "bucket": store.bucket,
        "region": store.region,
        "workspace_key_prefix": workspace_key_prefix(place.project),
        "key": state_key(stack),
    }


def _shown(place: Place, folder: Path) -> str:
    return folder.relative_to(place.home).as_posix() if place.home in folder.parents else str(folder)


def _json(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(_text(path) or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, Mapping) else {}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
