"""A module that a test drives itself: validate, plan, apply, destroy, and failures that are expected."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from landform.engine.events import Diagnostic, Severity
from landform.testing.batch import plan_together, plan_whole
from landform.testing.failures import CommandFailed, command_failed, is_about, is_told
from landform.testing.levels import Level
from landform.testing.marker import Case, check_values

if TYPE_CHECKING:
    from landform.testing.attributes import Attributes
    from landform.testing.bench import Bench, WorkFolder
    from landform.testing.plans import PlannedModule
    from landform.testing.stacks import Stack


__tracebackhide__ = is_told


class TestedModule:
    """The module of a test's marker; variables given to a command are added to the marker's.

    ``plan`` before the first ``apply`` plans from nothing; after it, from what was applied.
    """

    __test__ = False

    def __init__(self, bench: Bench, case: Case, owner: str, open_stack: Callable[[Case], Stack]) -> None:
        self._bench, self._owner, self._open = bench, owner, open_stack
        self.case = case
        self._stack: Stack | None = None

    def init(self) -> None:
        """Initialise a copy of it. Raises ``CommandFailed``."""
        self._bench.discard(self._copy())

    def validate(self) -> tuple[Diagnostic, ...]:
        """What ``terraform validate`` warns of. Raises ``CommandFailed`` for errors."""
        work = self._copy()
        what = f"terraform validate of {self.case.shown}"
        try:
            found = self._bench.run("validate", what, work.terraform.validate())
        finally:
            self._bench.discard(work)
        if any(one.severity is Severity.ERROR for one in found):
            raise command_failed(what, found, self._bench.secrets)
        return found

    def unformatted(self) -> tuple[str, ...]:
        """The files below the module that ``terraform fmt`` would change."""
        work = self._copy()
        try:
            what = f"terraform fmt of {self.case.shown}"
            return self._bench.run(
                "fmt", what, replace(work.terraform, folder=self.case.module).unformatted()
            )
        finally:
            self._bench.discard(work)

    def plan(self, **variables: Any) -> PlannedModule:
        """What terraform would do. Raises ``CommandFailed``."""
        self._need(Level.MOCK, "plan")
        if self._stack is not None and not self._stack.is_empty:
            return self._stack.plan(**variables)
        found = plan_together(self._bench, [self._with(variables)], self._owner)[0]
        if isinstance(found, CommandFailed):
            raise found
        self._bench.seen.append(found)
        return found

    def plan_document(self, **variables: Any) -> Any:
        """Terraform's whole plan document, planned from nothing. It holds secrets in the clear."""
        self._need(Level.PLAN, "plan")
        return plan_whole(self._bench, self._with(variables), self._owner).document

    def apply(self, **variables: Any) -> Stack:
        """Apply it, or apply it again. It is gone when the test's scope ends. Raises ``CommandFailed``."""
        self._need(Level.APPLY, "apply")
        if self._stack is None or self._stack.is_empty:
            self._stack = self._open(self._with(variables))
            return self._stack.apply()
        return self._stack.apply(**variables)

    def destroy(self) -> None:
        """Destroy what was applied. Raises ``CommandFailed``."""
        if self._stack is not None:
            self._stack.destroy()

    def output(self) -> Attributes:
        """The outputs of what was applied."""
        if self._stack is None:
            pytest.fail(f"{self.case.shown} was not applied: it has no outputs yet", pytrace=False)
        return self._stack.outputs

    def fails(self, *, on: str = "", match: str = "") -> Expected:
        """Expect the commands inside to fail, with an error about ``on`` whose text has the regex ``match``.

        ``on`` is ``var.name``, ``output.name``, ``check.name`` or a resource's address. ``with … as refused``
        has what each error says afterwards, in ``refused.errors``.
        """
        return Expected(on, match, self._refused)

    def _refused(self, failure: CommandFailed) -> None:
        config = self._bench.config
        config.hook.pytest_landform_refused(config=config, case=self.case, failure=failure)

    def _with(self, variables: dict[str, Any]) -> Case:
        check_values(self.case, variables)
        return replace(self.case, vars={**self.case.vars, **variables})

    def _need(self, level: Level, command: str) -> None:
        if self.case.level < level:
            pytest.fail(
                f"this test is of level {self.case.level}: {command} needs level={str(level)!r}",
                pytrace=False,
            )

    def _copy(self) -> WorkFolder:
        return self._bench.fresh(self.case, self._owner)


@dataclass(slots=True)
class Expected:
    """A failure expected in a ``with`` block; ``errors`` is what each error said, on one line."""

    on: str
    match: str
    tell: Callable[[CommandFailed], None]
    errors: tuple[str, ...] = ()

    def __enter__(self) -> Expected:
        """Nothing happens before the commands."""
        return self

    def __exit__(self, kind: object, failure: BaseException | None, traceback: object) -> bool:
        __tracebackhide__ = True
        if failure is None:
            raise AssertionError(f"it did not fail{f' on {self.on}' if self.on else ''}")
        if not isinstance(failure, CommandFailed):
            return False
        if not self._is(failure):
            raise AssertionError(f"it failed, but not with an error{self}:\n\n{failure}") from None
        self.errors = tuple(map(_flat, _errors(failure)))
        self.tell(failure)
        return True

    def __str__(self) -> str:
        about = f" about {self.on}" if self.on else ""
        return about + (f" that matches {self.match!r}" if self.match else "")

    def _is(self, failure: CommandFailed) -> bool:
        errors = _errors(failure)
        about = [one for one in errors if not self.on or is_about(one, self.on)]
        return any(re.search(self.match, _flat(one)) for one in about) or not (errors or str(self))


def _errors(failure: CommandFailed) -> list[Diagnostic]:
    found = (one for one in failure.diagnostics if isinstance(one, Diagnostic))
    return [one for one in found if one.severity is Severity.ERROR]


def _flat(diagnostic: Diagnostic) -> str:
    """An error's text on one line: Terraform breaks its sentences where the width ends."""
    return re.sub(r"\s+", " ", f"{diagnostic.summary} {diagnostic.detail}")
