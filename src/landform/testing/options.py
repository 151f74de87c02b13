"""What the command line says, read once."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from landform.testing.collecting import KINDS
from landform.testing.levels import Level, parse_level


@dataclass(frozen=True, slots=True)
class Settings:
    """The ``--tf-…`` options. ``timeout`` is in seconds and for one terraform command."""

    cap: Level = Level.APPLY
    strict: bool = False
    update: str = ""
    coverage: bool = False
    coverage_min: float | None = None
    keep: bool = False
    reattach: bool = True
    timeout: float = 900.0
    replay: str = "none"
    record: bool = False


SETTINGS = pytest.StashKey[Settings]()
"""Where a run keeps its settings in ``config.stash``."""


def add_options(parser: pytest.Parser) -> None:
    """Declare them all."""
    group = parser.getgroup("landform", "Terraform modules")
    group.addoption(
        "--tf-level",
        metavar="LEVEL",
        default=str(Level.APPLY),
        help="the highest level that runs: static, mock, plan, apply (default) or aws; others are skipped",
    )
    group.addoption(
        "--tf-strict", action="store_true", help="a provider that is not installed fails instead of skipping"
    )
    group.addoption(
        "--tf-update",
        nargs="?",
        const="all",
        default="",
        choices=["all", "missing"],
        help="write plan snapshots again; =missing adds only those that are not there",
    )
    group.addoption("--tf-coverage", action="store_true", help="show what of each module the tests used")
    group.addoption(
        "--tf-coverage-min", type=float, metavar="PERCENT", help="fail below this much coverage of a module"
    )
    group.addoption("--tf-keep", action="store_true", help="keep the working folder of each test")
    group.addoption(
        "--tf-reattach",
        choices=["auto", "off"],
        default="auto",
        help="auto: one provider process for many commands where that is safe; off: never",
    )
    group.addoption(
        "--tf-timeout",
        type=float,
        default=900.0,
        metavar="SECONDS",
        help="how long one terraform command may take (default 900)",
    )
    _add_real_aws(parser, group)
    parser.addini(
        "tf_collect",
        "tests that are not Python: tftest (*.tftest.hcl, *.tftest.json), inventory (tftest*.yaml), readme",
        type="args",
        default=list(KINDS),
    )


def _add_real_aws(parser: pytest.Parser, group: pytest.OptionGroup) -> None:
    group.addoption(
        "--tf-cloud",
        choices=["emulator", "aws"],
        default="emulator",
        help="aws: tests of level aws may use the account of this shell, if it is allowed",
    )
    group.addoption("--tf-max-usd", type=float, metavar="USD", help="what all tests together may cost")
    group.addoption("--tf-max-minutes", type=float, metavar="MINUTES", help="how long they may take together")
    group.addoption(
        "--tf-replay",
        choices=["none", "auto", "only"],
        default="none",
        help="tests of level aws: auto uses a recording where there is one, only uses nothing else",
    )
    group.addoption("--tf-record", action="store_true", help="write recordings of tests of level aws")
    parser.addini("tf_allowed_accounts", "AWS accounts that tests may use, by id", type="args", default=[])
    parser.addini("tf_allowed_regions", "AWS regions that tests may use", type="args", default=[])


def read_settings(config: pytest.Config) -> Settings:
    """The settings of this run. Raises ``pytest.UsageError`` for a level that is none."""
    option = config.option
    try:
        cap = parse_level(option.tf_level)
    except ValueError as fault:
        raise pytest.UsageError(f"--tf-level: {fault}") from fault
    return Settings(
        cap=cap,
        strict=option.tf_strict,
        update=option.tf_update or "",
        coverage=option.tf_coverage or option.tf_coverage_min is not None,
        coverage_min=option.tf_coverage_min,
        keep=option.tf_keep,
        reattach=option.tf_reattach == "auto",
        timeout=option.tf_timeout,
        replay=option.tf_replay,
        record=option.tf_record,
    )
