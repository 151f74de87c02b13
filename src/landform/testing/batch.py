"""Plans many cases of one module in one process: ``terraform test`` with a file for each case.

Most of a plan's time is the start of the provider and the decoding of its schema; one process does that once.
A file for each case, because a run that fails makes Terraform skip the later runs of its file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from landform.engine.events import Diagnostic, parse_diagnostic
from landform.testing.failures import CommandFailed, command_failed, is_told
from landform.testing.levels import Level
from landform.testing.marker import Case
from landform.testing.mocks import provider_names
from landform.testing.plans import PlannedModule
from landform.testing.stacks import make_plan
from landform.testing.workfolder import write_private, write_values

if TYPE_CHECKING:
    from landform.testing.bench import Bench, WorkFolder

__tracebackhide__ = is_told
_FOLDER = "landform_cases"
_RUN = "plan"
_SCHEMAS = ',"provider_format_version":'

Planned = PlannedModule | CommandFailed


@dataclass(slots=True)
class Told:
    """What Terraform said of one case."""

    status: str = ""
    document: Mapping[str, Any] | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(slots=True)
class _Listener:
    """Sorts the lines of ``terraform test`` by the file they are about."""

    by_file: dict[str, Told] = field(default_factory=dict)
    common: list[Diagnostic] = field(default_factory=list)

    def hear(self, line: str) -> None:
        """Take one line. The schemas that a plan's line carries are cut off before it is parsed."""
        cut = line.rfind(_SCHEMAS)
        with suppress(ValueError, KeyError, TypeError):
            self._take(json.loads(f"{line[:cut]}}}}}" if cut > 0 else line))

    def _take(self, event: Mapping[str, Any]) -> None:
        name = str(event.get("@testfile") or "")
        told = self.by_file.setdefault(name.rpartition("/")[2], Told()) if name else Told()
        if "test_plan" in event:
            told.document = event["test_plan"]
        elif "test_run" in event and event["test_run"].get("status"):
            told.status = event["test_run"]["status"]
        elif "diagnostic" in event:
            found = parse_diagnostic(event["diagnostic"])
            (told.diagnostics if name else self.common).append(found)


def plan_together(bench: Bench, cases: Sequence[Case], owner: str) -> list[Planned]:
    """A plan or a failure for each of ``cases``, which share module, level and environment.

    Raises ``CommandFailed`` where none could be planned: the module can't be initialised, terraform died.
    """
    first = cases[0]
    for case in cases:
        bench.learn_values(case, case.vars)
    work = bench.fresh(first, owner)
    try:
        listener = _run(bench, first, work, [_test_file(case) for case in cases])
    finally:
        bench.discard(work)
    return [_result(bench, case, listener, number, owner) for number, case in enumerate(cases)]


def _run(bench: Bench, case: Case, work: WorkFolder, files: Sequence[Mapping[str, Any]]) -> _Listener:
    folder = work.root / _FOLDER
    folder.mkdir(mode=0o700)
    for number, content in enumerate(files):
        write_private(folder / _file(number), json.dumps(content))
    listener = _Listener()
    what = f"terraform test (plans only) of {case.shown}"
    bench.run("plan", what, bench.ready(work).test(_FOLDER, listener.hear))
    return listener


def _file(number: int) -> str:
    return f"case{number}.tftest.json"


def _test_file(case: Case) -> dict[str, Any]:
    content: dict[str, Any] = {"run": {_RUN: {"command": "plan", "variables": _literal(case.vars)}}}
    mocked = provider_names(case.module) if case.level is Level.MOCK else []
    if mocked:
        content["mock_provider"] = {name: {} for name in mocked}
    return content


def _literal(values: Mapping[str, Any]) -> Any:
    """Texts in JSON, keys too, are templates to Terraform: what looks like one is data here."""
    return json.loads(json.dumps(values).replace("${", "$${").replace("%{", "%%{"))


def _result(bench: Bench, case: Case, listener: _Listener, number: int, owner: str) -> Planned:
    told = listener.by_file.get(_file(number), Told())
    diagnostics = (*listener.common, *told.diagnostics)
    if told.status != "pass" or told.document is None:
        return command_failed(f"terraform plan of {case.shown}", diagnostics, bench.secrets)
    plan = PlannedModule(
        told.document,
        load_document=lambda: plan_whole(bench, case, owner).document,
        diagnostics=diagnostics,
        secrets=bench.secrets,
    )
    bench.learn(plan.redactor)
    bench.config.hook.pytest_landform_planned(config=bench.config, case=case, plan=plan)
    return plan


def plan_whole(bench: Bench, case: Case, owner: str) -> PlannedModule:
    """The same with the whole plan document, in two processes. Raises ``CommandFailed``."""
    if case.level is Level.MOCK:
        raise command_failed(
            f"the whole plan document of {case.shown}", (), bench.secrets, "level mock has none: use plan"
        )
    work = bench.fresh(case, owner)
    try:
        write_values(work.root, case.vars)
        return make_plan(bench, case, work, whole=True)
    finally:
        bench.discard(work)
