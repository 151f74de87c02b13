"""Every error landform raises on purpose, and the exit code each one ends with.

An error is a sentence for the person at the terminal: what happened, where, why, and the way out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path


def first_of(items: Sequence[object], limit: int = 5, separator: str = ", ") -> str:
    """The first of many for a sentence, and how many more there are."""
    more = len(items) - limit
    rest = f"{separator.rstrip(', ')} and {more} more" if more > 0 else ""
    return separator.join(map(str, items[:limit])) + rest


class ExitCode(IntEnum):
    """What the process tells its caller."""

    DONE = 0
    FAILED = 1
    CHANGES = 2
    REFUSED = 3
    BUG = 4
    LEFTOVERS = 5
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file the user wrote; ``line`` counts from 1, 0 means the file as a whole."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the user's input: where, what, and the way out."""

    where: Location
    what: str
    way_out: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f" {self.way_out}" if self.way_out else "")


class LandformError(Exception):
    """Base of all expected failures. ``str()`` is the sentence; ``way_out`` says what to do next."""

    exit_code = ExitCode.FAILED

    def __init__(self, what: str, way_out: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.way_out = way_out

    @property
    def whole(self) -> str:
        """All of it as one line of text, for records and notices."""
        return f"{self.what.rstrip('.')}. {self.way_out}".strip() if self.way_out else self.what


class ProjectInvalid(LandformError):
    """The project's files hold faults; all of them are listed at once and nothing was written."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.where, fault.what)))
        count = len(self.faults)
        super().__init__(f"{count} fault{'s' if count != 1 else ''} in the project", "Nothing was written.")


class HandWritten(LandformError):
    """A file that landform would write exists without landform's header."""

    def __init__(self, paths: Sequence[Path]) -> None:
        names = ", ".join(str(path) for path in paths)
        super().__init__(
            f"not overwriting what landform did not write: {names}",
            "Move the file away; if it is in the way of a root, you may also rename the stack.",
        )


class EngineNotFound(LandformError):
    """No terraform or tofu on this machine."""


class EngineVersion(LandformError):
    """The terraform that was found is not one the project accepts."""


class EngineInstallFailed(LandformError):
    """A release could not be fetched, or its checksum did not match."""


class TerraformFailed(LandformError):
    """Terraform ended with an error; ``diagnostics`` keeps every one of them whole."""

    def __init__(self, what: str, diagnostics: Sequence[object] = (), way_out: str = "") -> None:
        super().__init__(what, way_out)
        self.diagnostics = tuple(diagnostics)

    @property
    def whole(self) -> str:
        """The same, with what Terraform says."""
        said = "; ".join(str(getattr(each, "summary", each)) for each in self.diagnostics[:3])
        return f"{super().whole}{f' ({said})' if said else ''}"


class StateUnreadable(LandformError):
    """A stack's state could not be read from its backend."""


class RecordsUnreadable(LandformError):
    """Approvals or the history of an environment could not be read or written."""


class Locked(LandformError):
    """Somebody else works on the environment, or on one of its states."""


class SandboxFailed(LandformError):
    """The emulator did not start, or is not the one that was recorded."""


class RunFailed(LandformError):
    """At least one stack of a run failed; the journal says which."""


class Refused(LandformError):
    """landform will not do this: protection, approval, refinement or the wrong place."""

    exit_code = ExitCode.REFUSED


class Interrupted(LandformError):
    """The user asked to stop; state is kept, locks are released, the journal says how to go on."""

    exit_code = ExitCode.INTERRUPTED
