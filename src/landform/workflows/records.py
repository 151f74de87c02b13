"""What landform keeps of an environment, beside its states: history, approvals, releases, locks.

Most records are written once. Those that say how things stand now (a lock's heartbeat, a quarantine) are
replaced and removed, and no decision of the past rests on them.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from landform.aws.record_objects import (
    get_record,
    list_records,
    put_record,
    remove_record,
    replace_record,
)
from landform.aws.session import AwsClient
from landform.errors import RecordsUnreadable
from landform.project import BackendKind
from landform.project.state_keys import state_store
from landform.workflows.place import Place

OF_NOW = ("lock", "alive/", "taken/")
"""How the names of records begin that mean something only where they are: who works there right now."""

_AT_ONCE = 16
_KEY = "key"


class Records(Protocol):
    """A store of small records by name. Raises RecordsUnreadable."""

    def put(self, name: str, content: bytes) -> bool:
        """Write a record that is not there yet; False where it is: of two writers exactly one succeeds."""

    def get(self, name: str) -> bytes | None:
        """A record, None where there is none."""

    def names(self, prefix: str) -> Sequence[str]:
        """The names that begin with ``prefix``, sorted."""

    def replace(self, name: str, content: bytes) -> None:
        """Write a record, whatever is there: for what says how things stand now."""

    def remove(self, name: str) -> None:
        """Take a record away; nothing happens where there is none."""


@dataclass(frozen=True, slots=True)
class LocalRecords:
    """Records as files of one folder, readable by their owner only."""

    folder: Path

    def put(self, name: str, content: bytes) -> bool:
        """See ``Records``; whole or not at all."""
        with self._written(name, content) as (new, path):
            return _linked(new, path)

    def replace(self, name: str, content: bytes) -> None:
        """See ``Records``; whole or not at all."""
        with self._written(name, content) as (new, path):
            new.replace(path)

    def remove(self, name: str) -> None:
        """See ``Records``."""
        try:
            (self.folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise RecordsUnreadable(f"could not remove {self.folder / name}: {error}") from error

    @contextmanager
    def _written(self, name: str, content: bytes) -> Iterator[tuple[Path, Path]]:
        """A new file with the content, and the path that it is to have."""
        path = self.folder / name
        new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            yield new, path
        except OSError as error:
            raise RecordsUnreadable(f"could not write {path}: {error}") from error
        finally:
            with suppress(OSError):
                new.unlink()

    def get(self, name: str) -> bytes | None:
        """See ``Records``."""
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise RecordsUnreadable(f"could not read {self.folder / name}: {error}") from error

    def names(self, prefix: str) -> Sequence[str]:
        """See ``Records``."""
        found = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("[!.]*"))
        return sorted(name for name in found if name.startswith(prefix) and not (self.folder / name).is_dir())


def _linked(new: Path, path: Path) -> bool:
    """Give a file its name; unlike a rename this fails where there is one."""
    try:
        os.link(new, path)
    except FileExistsError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class BucketRecords:
    """Records as objects of the state bucket."""

    client: AwsClient
    bucket: str
    prefix: str

    def put(self, name: str, content: bytes) -> bool:
        """See ``Records``."""
        return put_record(self.client, self.bucket, f"{self.prefix}/{name}", content)

    def get(self, name: str) -> bytes | None:
        """See ``Records``."""
        return get_record(self.client, self.bucket, f"{self.prefix}/{name}")

    def names(self, prefix: str) -> Sequence[str]:
        """See ``Records``."""
        keys = list_records(self.client, self.bucket, f"{self.prefix}/{prefix}")
        return [key.removeprefix(f"{self.prefix}/") for key in keys]

    def replace(self, name: str, content: bytes) -> None:
        """See ``Records``."""
        replace_record(self.client, self.bucket, f"{self.prefix}/{name}", content)

    def remove(self, name: str) -> None:
        """See ``Records``."""
        remove_record(self.client, self.bucket, f"{self.prefix}/{name}")


def records_of(place: Place) -> Records:
    """The records of an environment: in its state bucket, or in ``.landform/`` for the local backend."""
    project, environment = place.project, place.environment
    if project.backend.kind is BackendKind.LOCAL:
        return local_records(place)
    store = state_store(project, environment)
    return bucket_records(place, store.bucket, store.region, project.backend.key_prefix)


def local_records(place: Place) -> Records:
    """Those of an environment whose states are local."""
    return LocalRecords(place.work / "records" / place.environment.name)


def bucket_records(place: Place, bucket: str, region: str, key_prefix: str) -> Records:
    """Those of an environment whose states lie in a bucket, below the backend's ``key_prefix``."""
    prefix = "/".join(part for part in (key_prefix, "landform", place.project.name) if part)
    return BucketRecords(place.client("s3", region), bucket, f"{prefix}/{place.environment.name}")


def secret_key(records: Records) -> bytes:
    """The key of an environment's fingerprints; made once. Whoever reads it could read the states as well.

    Where it was lost a new one is made: with it no earlier plan is the same, so none can be applied.
    """
    found = records.get(_KEY)
    if found is None:
        records.put(_KEY, secrets.token_bytes(32))
        found = records.get(_KEY)  # of two that make one at a time, one was first
    if found is None or len(found) != 32:
        raise RecordsUnreadable(
            "the key of this environment's records is damaged",
            f"Restore the record {_KEY!r} beside the states, or delete it and plan again.",
        )
    return found


def read_all(records: Records, names: Sequence[str]) -> list[bytes | None]:
    """Several records at once, in the order of their names."""
    if not names:
        return []
    with ThreadPoolExecutor(min(_AT_ONCE, len(names))) as pool:
        return list(pool.map(records.get, names))
