"""YAML with the line of every key; what is wrong with it becomes faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from landform.project.yaml_file import Document, read_yaml


def _read(tmp_path: Path, text: str) -> Document:
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    return read_yaml(tmp_path / "x.yaml", "some/x.yaml")


def _faults(document: Document) -> list[str]:
    return [str(fault) for fault in document.faults]


def test_every_key_knows_its_line(tmp_path: Path) -> None:
    document = _read(tmp_path, "a: 1\n\nb:\n  # remark\n  c:\n    - x\n    - {d: 2,\n       e: 3}\n")
    assert document.data == {"a": 1, "b": {"c": ["x", {"d": 2, "e": 3}]}}
    assert str(document.location("a")) == "some/x.yaml:1"
    assert str(document.location("b", "c")) == "some/x.yaml:5"
    assert str(document.location("b", "c", 1, "e")) == "some/x.yaml:8"


def test_an_unknown_path_stands_where_its_nearest_key_does(tmp_path: Path) -> None:
    document = _read(tmp_path, "a: 1\nb:\n  c: 2\n")
    assert str(document.location("b", "missing", "deeper")) == "some/x.yaml:2"


def test_every_duplicate_key_is_a_fault_at_the_second_one(tmp_path: Path) -> None:
    document = _read(tmp_path, "a: 1\nb: {c: 1}\na: 2\nd:\n  e: 1\n  e: 2\n")
    assert _faults(document) == [
        "some/x.yaml:3: duplicate key 'a': it stands on line 1 already. Remove one of the two.",
        "some/x.yaml:6: duplicate key 'e': it stands on line 5 already. Remove one of the two.",
    ]
    assert document.data == {"a": 1, "b": {"c": 1}, "d": {"e": 1}}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: 1\nb: [1\nc: 2\n", "some/x.yaml:3: not valid YAML: did not find expected ',' or ']'."),
        ("a: 1\nb: !secret x\n", "could not determine a constructor for the tag '!secret'"),
        ("a: !!python/object:os.system x\n", "could not determine a constructor"),
        ("a: 1\n---\nb: 1\n", "but found another document"),
        ("a: &a [*a]\n", "some/x.yaml: can't be read: an anchor holds itself."),
    ],
)
def test_what_cant_be_read_is_a_fault(tmp_path: Path, text: str, fault: str) -> None:
    (found,) = _faults(_read(tmp_path, text))
    assert fault in found


def test_a_date_stays_the_text_it_was(tmp_path: Path) -> None:
    assert _read(tmp_path, "since: 2026-01-31\n").data == {"since": "2026-01-31"}


def test_a_file_that_is_not_utf8_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"a: caf\xe9\n")
    (found,) = _faults(read_yaml(tmp_path / "x.yaml", "some/x.yaml"))
    assert found.startswith("some/x.yaml: can't be read: 'utf-8' codec")


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    assert _faults(read_yaml(tmp_path / "no.yaml", "no.yaml")) == ["no.yaml: file not found."]
