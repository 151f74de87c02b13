"""Takes approvals and history along when the states of an environment move."""

from __future__ import annotations

from landform.workflows.records import OF_NOW, Records, read_all

_HISTORY = "audit/"


def copy_records(source: Records, target: Records) -> str:
    """Copy what the target does not have yet, without locks; returns why not where it has a history.

    Entries that both have must be the same: a history is one chain. What was half copied is completed.
    """
    names = [name for name in source.names("") if not name.startswith(OF_NOW)]
    there = set(target.names(""))
    entries = [name for name in names if name.startswith(_HISTORY)]
    both = [name for name in entries if name in there]
    if read_all(source, both) != read_all(target, both):
        return "the new place has a history of its own already; the old one stays where it was"
    for name, content in zip(names, read_all(source, names), strict=True):
        if name not in there and content is not None:
            target.put(name, content)
    return ""
