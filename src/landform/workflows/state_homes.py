"""Where the states of an environment lie: read, listed, and told from one another; never written.

``own_home`` is the one place that says where the states of a place are.
"""

from __future__ import annotations

import fcntl
import glob
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from landform.aws.session import AwsClient
from landform.aws.state_objects import (
    LOCK_SUFFIX,
    StateLock,
    StateObject,
    get_state,
    get_state_object,
    get_table_lock,
    list_keys,
    parse_lock,
)
from landform.aws.state_versions import UNVERSIONED, StateVersion, list_versions
from landform.errors import StateUnreadable
from landform.project import BackendKind
from landform.project.state_keys import state_object_key, state_store
from landform.workflows.place import Place

BACKUP = "terraform.tfstate.backup"
"""The one earlier state that the local backend keeps, beside the state."""

_STACK = "{stack}"


@dataclass(frozen=True, slots=True)
class Layout:
    """The path or key of a stack's state: ``before``, the stack's name, ``after``."""

    before: str
    after: str

    @classmethod
    def of(cls, pattern: str) -> Layout:
        """``pattern`` holds ``{stack}`` once."""
        before, _, after = pattern.partition(_STACK)
        return cls(before, after)

    def key(self, stack: str) -> str:
        """The path or key of one stack's state."""
        return f"{self.before}{stack}{self.after}"

    def stack(self, key: str) -> str:
        """The stack whose state lies at ``key``; empty where no stack's does."""
        fits = key.startswith(self.before) and key.endswith(self.after)
        return key[len(self.before) : len(key) - len(self.after)] if fits else ""


class StateHome(Protocol):
    """A set of states, by stack. Everything raises StateUnreadable where it can't be read."""

    @property
    def where(self) -> str:
        """For people and for ``--from``: the pattern of its states."""

    def address(self, stack: str) -> str:
        """For people: where one state lies."""

    def get(self, stack: str) -> StateObject | None:
        """The state of a stack, None where there is none."""

    def stacks(self) -> Sequence[str]:
        """The names under which there are states, sorted."""

    def lock(self, stack: str) -> StateLock | None:
        """The lock that somebody holds on a state."""

    def versions(self, stack: str) -> Sequence[StateVersion]:
        """What is kept of a state, the newest first; without a version that has no id of its own."""

    def get_version(self, stack: str, version: str) -> StateObject | None:
        """A state as it was in one of ``versions``."""


@dataclass(frozen=True, slots=True)
class LocalHome:
    """States as files of this machine."""

    layout: Layout

    @property
    def where(self) -> str:
        """See ``StateHome``."""
        return f"local:{self.layout.key(_STACK)}"

    def address(self, stack: str) -> str:
        """See ``StateHome``."""
        return self.layout.key(stack)

    def get(self, stack: str) -> StateObject | None:
        """See ``StateHome``."""
        return _read(Path(self.layout.key(stack)))

    def stacks(self) -> Sequence[str]:
        """See ``StateHome``."""
        folder, _, start = self.layout.before.rpartition("/")
        pattern = f"{glob.escape(start)}*{glob.escape(self.layout.after)}"
        return sorted(self.layout.stack(str(path)) for path in Path(folder or "/").glob(pattern))

    def lock(self, stack: str) -> StateLock | None:
        """See ``StateHome``."""
        path = Path(self.layout.key(stack))
        info = path.with_name(f".{path.name}.lock.info")
        try:
            content = info.read_bytes()
        except OSError:
            return None
        return parse_lock(str(info), content) if _is_held(path) else None

    def versions(self, stack: str) -> Sequence[StateVersion]:
        """See ``StateHome``."""
        backup = self.get_version(stack, BACKUP)
        return () if backup is None else (StateVersion(BACKUP, backup.written, len(backup.content)),)

    def get_version(self, stack: str, version: str) -> StateObject | None:
        """See ``StateHome``."""
        return _read(Path(self.layout.key(stack)).with_name(version)) if version == BACKUP else None


def _read(path: Path) -> StateObject | None:
    try:
        return StateObject(path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StateUnreadable(f"the state {path} can't be read: {error.strerror}") from error


def _is_held(path: Path) -> bool:
    """Whether the local backend's lock is held, and not only left by one that was killed."""
    try:
        with path.open("rb") as stream:
            fcntl.lockf(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


@dataclass(frozen=True, slots=True)
class TableLocks:
    """The DynamoDB table in which states are locked."""

    client: AwsClient
    table: str

    def of(self, path: str) -> StateLock | None:
        """The lock on the state at bucket and key."""
        return get_table_lock(self.client, self.table, path)


@dataclass(frozen=True, slots=True)
class BucketHome:
    """States as objects of a bucket. ``hint`` is the way out where it can't be read, if not the usual one.

    ``locks`` is the table in which states are locked, where there is one beside the lock files.
    """

    client: AwsClient
    bucket: str
    region: str
    layout: Layout
    hint: str = ""
    locks: TableLocks | None = None

    @property
    def where(self) -> str:
        """See ``StateHome``."""
        return f"{self.address(_STACK)}?region={self.region}"

    def address(self, stack: str) -> str:
        """See ``StateHome``."""
        return f"s3://{self.bucket}/{self.layout.key(stack)}"

    def get(self, stack: str) -> StateObject | None:
        """See ``StateHome``."""
        with self._hinted():
            return get_state_object(self.client, self.bucket, self.layout.key(stack))

    def stacks(self) -> Sequence[str]:
        """See ``StateHome``."""
        with self._hinted():
            keys = list_keys(self.client, self.bucket, self.layout.before)
        return sorted(filter(None, map(self.layout.stack, keys)))

    def lock(self, stack: str) -> StateLock | None:
        """See ``StateHome``."""
        key = self.layout.key(stack) + LOCK_SUFFIX
        with self._hinted():
            content = get_state(self.client, self.bucket, key)
        if content is not None:
            return parse_lock(key, content)
        return self.locks.of(f"{self.bucket}/{self.layout.key(stack)}") if self.locks else None

    def versions(self, stack: str) -> Sequence[StateVersion]:
        """See ``StateHome``."""
        found = list_versions(self.client, self.bucket, self.layout.key(stack))
        return () if all(each.id == UNVERSIONED for each in found) else found

    def get_version(self, stack: str, version: str) -> StateObject | None:
        """See ``StateHome``."""
        return get_state_object(self.client, self.bucket, self.layout.key(stack), version)

    @contextmanager
    def _hinted(self) -> Iterator[None]:
        try:
            yield
        except StateUnreadable as error:
            raise StateUnreadable(error.what, self.hint or error.way_out) from error


def own_home(place: Place) -> StateHome:
    """Where the project says that the states of this environment are."""
    project, environment = place.project, place.environment
    if project.backend.kind is BackendKind.LOCAL:
        return local_home(place, str(place.state_dir / _STACK / environment.name / "terraform.tfstate"))
    store = state_store(project, environment)
    found = bucket_home(
        place.client, store.bucket, store.region, state_object_key(project, environment.name, _STACK)
    )
    if store.dynamodb_table is None:
        return found
    return replace(found, locks=TableLocks(place.client("dynamodb", store.region), store.dynamodb_table))


def local_home(place: Place, pattern: str) -> LocalHome:
    """States in files; a relative pattern is one of the project's folder."""
    return LocalHome(Layout.of(str(place.home / pattern)))


def bucket_home(
    client_of: Callable[[str, str], AwsClient], bucket: str, region: str, pattern: str, hint: str = ""
) -> BucketHome:
    """States in a bucket; ``client_of`` is a place's."""
    return BucketHome(client_of("s3", region), bucket, region, Layout.of(pattern), hint)
