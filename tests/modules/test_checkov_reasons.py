"""What checkov is told to leave out has a reason beside its resource, and a rule that crashes is no pass."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from modules.conftest import MODULES
from tools.checkov import main

_SKIP = re.compile(r" +#checkov:skip=CKV2?_AWS_\d+:\S.{6,}")


def _skips() -> list[str]:
    """Every line of the modules that speaks to checkov, with its place."""
    return [
        f"{path.relative_to(MODULES)}:{number}:{line}"
        for path in sorted(MODULES.glob("*/*.tf"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "checkov" in line.partition("#")[2].partition(":")[0]
    ]


def test_each_has_a_rule_and_a_reason() -> None:
    assert len(_skips()) > 20
    assert [skip for skip in _skips() if not _SKIP.fullmatch(skip.split(":", 2)[2])] == []


@pytest.mark.parametrize(
    ("code", "told", "expected"),
    [(0, "", 0), (1, "", 1), (0, "[ERROR]  Failed to run check CKV_AWS_37 on /eks/cluster.tf", 1)],
)
def test_a_rule_that_checkov_could_not_run_is_a_failure(
    tmp_path: Path, code: int, told: str, expected: int
) -> None:
    program = tmp_path / "checkov"
    program.write_text(f'#!/bin/sh\necho "{told}" >&2\nexit {code}\n')
    program.chmod(0o700)
    assert main(str(program)) == expected
