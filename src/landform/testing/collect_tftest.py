"""``*.tftest.hcl`` and ``*.tftest.json``: one test for each run, one ``terraform test`` for each file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from landform.engine import Terraform
from landform.planning.redaction import Redactor, marked
from landform.testing.collecting import CollectedTest, case_of, holds_module, lifetimes_of, marked_with, shown
from landform.testing.failures import CommandFailed, command_failed
from landform.testing.plans import PlannedModule
from landform.testing.tftest_file import RunBlock, TestFileInvalid, TftestContent, read_tftest
from landform.testing.tftest_results import Results, RunResult
from landform.testing.workfolder import write_private

if TYPE_CHECKING:
    from landform.testing.bench import Bench, WorkFolder
    from landform.testing.lifetimes import Lifetimes
    from landform.testing.marker import Case

_TESTS = "tests"


class TftestFile(pytest.File):
    """One test file in a module's folder or in the folder ``tests`` below it."""

    _outcome: Results | CommandFailed | None = None
    _content: TftestContent

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each run block, in the order of the file."""
        module = module_of(self.path)
        if module is None:
            return
        try:
            self._content = read_tftest(self.path, shown(self.path))
        except TestFileInvalid as fault:
            raise self.CollectError(str(fault)) from fault
        level = self._content.level(module)
        for run in self._content.runs:
            item = CollectedTest.of(self, run.name, run.line, self._caller(run))
            item.add_marker(pytest.mark.xdist_group(f"tf-{self.nodeid}"))
            yield marked_with(item, module, level)

    def _caller(self, run: RunBlock) -> Callable[..., None]:
        def check(request: pytest.FixtureRequest) -> None:
            lifetimes = lifetimes_of(request.config)
            results = self._results(lifetimes, case_of(request))
            self._judge(run, results, lifetimes.bench.secrets)

        return check

    def _results(self, lifetimes: Lifetimes, case: Case) -> Results:
        """Those of the file's one process. Raises ``CommandFailed`` again for each run where it failed."""
        if self._outcome is None:
            owner = f"tftest {self.nodeid}"
            try:
                self._outcome = run_file(lifetimes.bench, case, self.path, self._content, owner)
            except CommandFailed as failure:
                self._outcome = failure
            finally:
                lifetimes.bench.emulators.release(owner)
        if isinstance(self._outcome, CommandFailed):
            raise type(self._outcome)(str(self._outcome), self._outcome.diagnostics)
        return self._outcome

    def _judge(self, run: RunBlock, results: Results, secrets: Redactor) -> None:
        names = [one.name for one in self._content.runs]
        status = results.run(run.name).status
        cause = results.broke_off_before(run.name, names)
        if status == "skip" and cause:
            pytest.skip(f"terraform skipped it, because run {cause!r} ended with an error")
        ending = "" if status in ("fail", "error") else "terraform told no result of it"
        if status != "pass":
            what = f"run {run.name!r} of {shown(self.path)}"
            raise command_failed(what, results.errors_of(run.name), secrets, ending)
        if results.failed_outside and run.name == names[-1]:
            raise command_failed(f"{shown(self.path)}, after its runs,", results.common, secrets)


def module_of(path: Path) -> Path | None:
    """The folder of the module that a test file is about, None where there is none."""
    if path.parent.name == _TESTS and holds_module(path.parent.parent):
        return path.parent.parent
    return path.parent if holds_module(path.parent) else None


def run_file(bench: Bench, case: Case, path: Path, content: TftestContent, owner: str) -> Results:
    """Run one test file in a copy of its module. Raises ``CommandFailed``, ``ProviderMissing``."""
    for run in content.runs:
        bench.learn_values(case, {**content.variables, **run.variables})
    work = bench.fresh(case, owner)
    try:
        _copy_tests(case.module, path, work.root)
        if any(run.module for run in content.runs):
            bench.run("init", f"terraform init for {shown(path)}", work.terraform.init())
        results = Results()
        what = f"terraform test of {shown(path)}"
        bench.run("test", what, _terraform(bench, work, content).test(_TESTS, results.hear))
    finally:
        bench.discard(work)
    for run in content.runs:
        _tell(bench, case, content, run, results.run(run.name))
    return results


def _copy_tests(module: Path, path: Path, root: Path) -> None:
    """Only the one test file, with the variables that lie beside it in ``tests``."""
    target = root / path.relative_to(module)
    target.parent.mkdir(exist_ok=True)
    write_private(target, path.read_text(encoding="utf-8"))
    if target.parent != root:
        for values in (*path.parent.glob("*.tfvars"), *path.parent.glob("*.tfvars.json")):
            shutil.copy2(values, target.parent)


def _terraform(bench: Bench, work: WorkFolder, content: TftestContent) -> Terraform:
    """A shared provider process knows one configuration: not for a file that brings others."""
    alone = content.configures or content.mocked or any(run.module for run in content.runs)
    return work.terraform if alone else bench.ready(work)


def _tell(bench: Bench, case: Case, content: TftestContent, run: RunBlock, result: RunResult) -> None:
    """Hide what the run made secret; let others see what it planned or applied."""
    if result.state is not None:
        bench.learn(Redactor.of(_secrets(result.state)))
    if run.module or result.status != "pass":
        return
    given = replace(case, vars={**content.variables, **run.variables})
    if result.plan is not None:
        plan = PlannedModule(result.plan, secrets=bench.secrets)
        bench.learn(plan.redactor)
        bench.config.hook.pytest_landform_planned(config=bench.config, case=given, plan=plan)
    addresses = [str(one["address"]) for one in _resources(result.state or {})]
    bench.config.hook.pytest_landform_tested(
        config=bench.config, case=given, addresses=addresses, failed=run.expected
    )


def _resources(state: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    waiting = [state.get("root_module") or {}]
    while waiting:
        module = waiting.pop()
        yield from module.get("resources", ())
        waiting += module.get("child_modules", ())


def _secrets(state: Mapping[str, Any]) -> Iterator[object]:
    for output in (state.get("outputs") or {}).values():
        if output.get("sensitive"):
            yield output.get("value")
    for resource in _resources(state):
        yield from marked(resource.get("values"), resource.get("sensitive_values"))
