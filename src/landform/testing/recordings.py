"""What a test saw in a real account, kept to be looked at again without one.

A recording is one file a case, ``FOLDER/NAME.json``: state and outputs, normalised and redacted, under a key
of everything they depend on. It is never used for anything else: where the key is another by now, the test
fails and says what has changed. It is not written at all where a sensitive value would be in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from landform.errors import LandformError, Refused
from landform.planning.redaction import Redactor, marked
from landform.planning.states import instance_address
from landform.testing.attributes import marks_of_paths
from landform.testing.failures import is_told
from landform.testing.secret_scan import surviving

__tracebackhide__ = is_told
FORMAT = 1
_ROUNDS = 100_000
_ACCOUNT = "000000000000"
_ARN_ACCOUNT = re.compile(r"(arn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:)\d{12}(?=:)")
_SKIPPED = frozenset({".terraform", ".git", ".landform", "__pycache__", ".pytest_cache"})
_SKIPPED_SUFFIXES = (".tfstate", ".tfstate.backup", ".tfplan", ".auto.tfvars.json", ".auto.tfvars")


class Replay(StrEnum):
    """What is done with recordings: not used, used where there is one, or nothing else used."""

    NONE = "none"
    AUTO = "auto"
    ONLY = "only"


@dataclass(frozen=True, slots=True)
class RecordingKey:
    """What a recording depends on, each as a digest (``versions`` as they are)."""

    module: str
    variables: str
    lock: str
    versions: Mapping[str, str]

    def differences(self, other: RecordingKey) -> list[str]:
        """What is not the same, in words."""
        names = {"module": "the module's files", "variables": "the variables", "lock": "the provider lock"}
        mine, theirs = asdict(self), asdict(other)
        found = [shown for name, shown in names.items() if mine[name] != theirs[name]]
        for name in sorted({*self.versions, *other.versions}):
            old, new = other.versions.get(name, "none"), self.versions.get(name, "none")
            found += [f"{name} ({old} then, {new} now)"] if old != new else []
        return found


@dataclass(frozen=True, slots=True)
class Recording:
    """State and outputs as they were. ``resources`` are attributes by full address; nothing is sensitive."""

    key: RecordingKey
    resources: Mapping[str, Mapping[str, Any]]
    outputs: Mapping[str, Any]


def recording_key(
    trees: Iterable[Path], variables: Mapping[str, Any], lock: Path | None, versions: Mapping[str, str]
) -> RecordingKey:
    """The key of a case. ``trees`` are the folders of its module and of all it calls, in a fixed order.

    ``versions`` names whatever else matters: terraform, the provider, landform.
    """
    values = json.dumps(variables, sort_keys=True, ensure_ascii=False).encode()
    # Slow on purpose: a password among the variables must not be found by trying.
    digest = hashlib.pbkdf2_hmac("sha256", values, b"landform recording", _ROUNDS).hex()
    locked = hashlib.sha256(lock.read_bytes()).hexdigest() if lock and lock.exists() else ""
    return RecordingKey(_tree_digest(trees), digest, locked, dict(versions))


def record(
    path: Path,
    key: RecordingKey,
    state: Mapping[str, Any],
    *,
    secrets: Iterable[object] = (),
    replace: Mapping[str, str] | None = None,
) -> Recording:
    """Write the recording of a state (the state file's document) to ``path``.

    ``secrets`` are sensitive values the state does not mark, such as variables and those of a plan.
    ``replace`` normalises further: what it maps (this run's unique prefix) becomes what it is mapped to.
    Raises ``Refused``, and leaves the file as it was, where a secret would be in it.
    """
    hidden = [*secrets, *_sensitive(state)]
    redactor = Redactor.of(hidden)
    content = {
        "format": FORMAT,
        "key": asdict(key),
        "resources": {
            address: redactor.data(attributes, marks) for address, attributes, marks in _instances(state)
        },
        "outputs": {
            name: redactor.data(one.get("value"), bool(one.get("sensitive")))
            for name, one in sorted(state.get("outputs", {}).items())
        },
    }
    content = _normalised(content, replace or {})
    found = surviving({name: content[name] for name in ("resources", "outputs")}, hidden)
    if found:
        raise Refused(
            f"not recorded: {path.name} would hold {'; '.join(dict.fromkeys(found))}",
            "Mark the value as sensitive where it comes from, or leave this case without a recording.",
        )
    _write(path, content)
    return _parse(content)


def replayed(path: Path, key: RecordingKey, mode: Replay) -> Recording | None:
    """The recording to use instead of AWS; None where the case is to run there.

    Raises ``LandformError`` where it is of another key, cannot be read, or is needed and not there.
    """
    if mode is Replay.NONE:
        return None
    try:
        recording = _parse(json.loads(path.read_bytes()))
    except FileNotFoundError:
        if mode is Replay.ONLY:
            raise LandformError(f"there is no recording {path}", _AGAIN) from None
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise LandformError(f"the recording {path} cannot be read: {error}", _AGAIN) from error
    if changed := key.differences(recording.key):
        raise LandformError(f"the recording {path} is out of date: {', '.join(changed)} changed", _AGAIN)
    return recording


_AGAIN = "Record it again in a real account: --tf-cloud=aws --tf-record."


def _tree_digest(trees: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for number, tree in enumerate(trees):
        for path in sorted(_files(tree)):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{number} {path.relative_to(tree).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def _files(tree: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(tree):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        yield from (Path(folder, name) for name in files if not name.endswith(_SKIPPED_SUFFIXES))


def _instances(state: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any], Any]]:
    """Address, attributes and marks of each object, sorted by address."""
    found = []
    for resource in state.get("resources", ()):
        for instance in resource.get("instances", ()):
            if instance.get("deposed"):
                continue
            marks = marks_of_paths(instance.get("sensitive_attributes") or ())
            found.append((instance_address(resource, instance), instance.get("attributes") or {}, marks))
    return sorted(found, key=lambda one: one[0])


def _sensitive(state: Mapping[str, Any]) -> list[object]:
    found: list[object] = [
        one.get("value") for one in state.get("outputs", {}).values() if one.get("sensitive")
    ]
    for _, attributes, marks in _instances(state):
        found += marked(attributes, marks)
    return found


def _normalised(value: Any, replace: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        value = _ARN_ACCOUNT.sub(rf"\g<1>{_ACCOUNT}", value)
        for old, new in replace.items():
            value = value.replace(old, new)
        return value
    if isinstance(value, Mapping):
        return {_normalised(key, replace): _normalised(item, replace) for key, item in sorted(value.items())}
    if isinstance(value, list | tuple):
        return [_normalised(item, replace) for item in value]
    return value


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.write_text(json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    new.replace(path)


def _parse(content: Mapping[str, Any]) -> Recording:
    if content["format"] != FORMAT:
        raise ValueError(f"it has format {content['format']}, not {FORMAT}")
    return Recording(RecordingKey(**content["key"]), dict(content["resources"]), dict(content["outputs"]))
