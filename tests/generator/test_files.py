"""Files are written whole or not at all, and never over someone's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from landform.errors import HandWritten
from landform.generator.files import Change, ChangeKind, stale_files, write_files
from landform.generator.templates import HEADER

_FILES = {
    "generated/a/main.tf": f"{HEADER}\n\n# a\n",
    "generated/a/outputs.tf": f"{HEADER}\n\n# outputs\n",
    "generated/b/main.tf": f"{HEADER}\n\n# b\n",
    "generated/environments/dev.tfvars": f"{HEADER}\n\nx = 1\n",
    "generated/modules/m/main.tf": f"{HEADER}\n\n# m\n",
    "generated/modules/m/user_data.sh.tftpl": "#!/bin/sh\n",
}


def _tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_is_missing_is_created_once(tmp_path: Path) -> None:
    changes = write_files(tmp_path, _FILES)
    assert {change.path for change in changes} == set(_FILES)
    assert {change.kind for change in changes} == {ChangeKind.CREATE}
    assert _tree(tmp_path) == _FILES
    assert write_files(tmp_path, _FILES) == []


def test_a_fresh_file_is_not_touched(tmp_path: Path) -> None:
    write_files(tmp_path, _FILES)
    before = (tmp_path / "generated/a/main.tf").stat()
    write_files(tmp_path, _FILES | {"generated/b/main.tf": f"{HEADER}\n\n# other\n"})
    assert (tmp_path / "generated/a/main.tf").stat().st_ino == before.st_ino


def test_stale_files_are_told_and_left_alone(tmp_path: Path) -> None:
    write_files(tmp_path, _FILES)
    (tmp_path / "generated/b/main.tf").write_text(f"{HEADER}\n\n# edited\n")
    (tmp_path / "generated/a/outputs.tf").unlink()
    before = _tree(tmp_path)
    wanted = {path: text for path, text in _FILES.items() if not path.startswith("generated/modules")}
    assert set(stale_files(tmp_path, wanted)) == {
        Change("generated/a/outputs.tf", ChangeKind.CREATE),
        Change("generated/b/main.tf", ChangeKind.UPDATE),
        Change("generated/modules/m/main.tf", ChangeKind.DELETE),
    }
    assert _tree(tmp_path) == before


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("generated/a/main.tf", 'resource "x" "y" {}\n'),
        ("generated/environments/dev.tfvars", "x = 2\n"),
        ("generated/modules/m/user_data.sh.tftpl", "mine\n"),
        ("generated/a/main.tf", f"# mine\n{HEADER}\n"),
    ],
)
def test_a_hand_written_file_stops_everything(tmp_path: Path, path: str, text: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(text)
    with pytest.raises(HandWritten, match=path) as refusal:
        write_files(tmp_path, _FILES)
    assert refusal.value.way_out
    assert _tree(tmp_path) == {path: text}


def test_a_binary_file_in_the_way_is_hand_written(tmp_path: Path) -> None:
    (tmp_path / "generated/a").mkdir(parents=True)
    (tmp_path / "generated/a/main.tf").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(HandWritten):
        write_files(tmp_path, _FILES)
    assert (tmp_path / "generated/a/main.tf").read_bytes() == b"\xff\xfe\x00"


def test_the_root_of_a_removed_stack_goes_but_for_what_landform_did_not_write(tmp_path: Path) -> None:
    write_files(tmp_path, _FILES)
    mine = {
        "generated/b/extra.tf": "# mine\n",
        "generated/c/main.tf": "# mine\n",
        "elsewhere/main.tf": f"{HEADER}\n",
    }
    for path, text in mine.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    wanted = {path: text for path, text in _FILES.items() if "/a/" in path}
    assert {change.path for change in write_files(tmp_path, wanted)} >= {
        "generated/b/main.tf",
        "generated/environments/dev.tfvars",
    }
    left = _tree(tmp_path)
    assert {path for path in left if path.endswith(".tf")} == set(wanted) | set(mine)
    assert not (tmp_path / "generated/environments").exists()
