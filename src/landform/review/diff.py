"""The attributes of one change that differ, leaf by leaf."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landform.planning.changes import Change
from landform.planning.redaction import HIDDEN, Redactor, untagged
from landform.review.model import AttributeDiff
from landform.review.semantic import ABSENT, Differ, Difference, Inside, Label, Line, Side, Steps
from landform.review.semantic_policy import ValueSet
from landform.review.semantic_text import text_in_base64

_COPIES = "tags_all"
_NOISE = frozenset({
    _COPIES, "timeouts", "etag", "last_modified", "last_modified_date", "last_modified_time", "last_updated",
    "last_updated_date", "last_updated_time", "modified_date", "update_date", "updated_at",
})  # fmt: skip
_MAY_BE_BASE64 = ("user_data", "base64")


@dataclass(frozen=True, slots=True)
class Diff:
    """The attributes that differ. ``folded`` counts what is left out.

    That are copies such as ``tags_all``, time stamps and the like where something else differs as well, and
    values in another spelling. Where nothing else differs, they are ``attributes``, and ``is_noise`` is true.
    """

    attributes: tuple[AttributeDiff, ...] = ()
    folded: int = 0
    is_noise: bool = False


def diff_of(change: Change, redactor: Redactor) -> Diff:
    """What differs in a change or is unknown, redacted."""
    differ = Differ(redactor.tagged)
    old = Side(change.before.value, change.before.sensitive)
    new = Side(change.after.value, change.after.sensitive, change.unknown)
    differ.compare((), old, new)
    forced = {path[:1] for path in change.replace_paths}
    found = differ.found
    noise = [each for each in found if each.path and each.path[0] in _NOISE and each.path[:1] not in forced]
    quiet = {id(each) for each in _foldable(found, noise)}
    telling = [each for each in found if id(each) not in quiet]
    attributes = tuple(_attribute(each, change, forced, redactor) for each in telling or found)
    folded = differ.equivalent + (len(found) - len(attributes))
    return Diff(attributes, folded, is_noise=len(noise) == len(found))


def _foldable(found: Sequence[Difference], noise: Sequence[Difference]) -> Iterator[Difference]:
    """Noise, but for tags that the provider adds to all that it makes, where just these change."""
    tags = {each.path[1:] for each in found if each.path[:1] == ("tags",)}
    for each in noise:
        is_copy = each.path[0] != _COPIES or each.new.unknown is True or each.path[1:] in tags
        if is_copy or None in (each.old.value, each.new.value):
            yield each


def _attribute(
    found: Difference, change: Change, forced: set[tuple[str | int, ...]], redactor: Redactor
) -> AttributeDiff:
    old, new, path = found.old, found.new, found.path
    sensitive = old.sensitive is True or new.sensitive is True
    unknown = new.unknown is True
    before = _shown(old, path, sensitive, redactor)
    after = None if unknown else _shown(new, path, sensitive, redactor)
    hidden = before is not None and before == after
    return AttributeDiff(
        untagged(redactor.text(shown_path(path))),
        before,
        after,
        unknown=unknown,
        sensitive=sensitive or (hidden and HIDDEN in str(before)),
        forces_replacement=path[:1] in forced,
        sources=tuple(change.causes.get(str(path[0]), ())) if path else (),
        note=found.note,
    )


def _shown(side: Side, path: Steps, sensitive: bool, redactor: Redactor) -> Any:
    value = side.value
    if value is None or value is ABSENT:
        return None
    if sensitive:
        return HIDDEN
    if type(value) is str:
        return untagged(redactor.text(_readable(value, path, redactor)))
    return _untagged(redactor.data(_plain(value), side.sensitive))


def _readable(text: str, path: Steps, redactor: Redactor) -> str:
    """The text in base64, where the attribute's name says that it is that and it holds no secret as such."""
    name = str(path[-1]) if path else ""
    if any(each in name for each in _MAY_BE_BASE64) and redactor.text(text) == text:
        return text_in_base64(text) or text
    return text


def _plain(value: Any) -> Any:
    """A value of a policy as JSON data again."""
    if isinstance(value, ValueSet):
        return [_plain(each) for each in value.values()]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _untagged(value: Any) -> Any:
    if isinstance(value, str):
        return untagged(value)
    if isinstance(value, dict):
        return {untagged(key): _untagged(item) for key, item in value.items()}
    return [_untagged(each) for each in value] if isinstance(value, list) else value


def shown_path(path: Sequence[str | int]) -> str:
    """A path as Terraform writes it: ``ingress[0].from_port``, ``jsondecode(policy).Version``."""
    if len(path) == 1 and isinstance(path[0], str) and path[0].isidentifier():
        return path[0]
    shown = ""
    for part in path:
        if isinstance(part, Inside):
            shown = f"{part}({shown})"
        elif isinstance(part, Line):
            shown += f" line {part}"
        elif isinstance(part, int):
            shown += f"[{part}]"
        elif not isinstance(part, Label) and part.replace("-", "_").isidentifier():
            shown += f".{part}" if shown else part
        else:
            shown += f'["{part}"]'
    return shown
