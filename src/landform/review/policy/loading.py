"""Imports a project's ``policies/*.py``; what is wrong with them becomes faults with file and line."""

from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from landform.errors import Fault, Location
from landform.review.policy.evaluating import TimeIsUp, time_limit
from landform.review.policy.rules import Policy

FOLDER = "policies"


def policy_files(folder: Path) -> list[Path]:
    """The files of a project that hold policies: not those with a ``_`` in front, and not their tests."""
    found = sorted((folder / FOLDER).glob("*.py"))
    return [path for path in found if not path.name.startswith(("_", "test_")) and path.name != "conftest.py"]


def load_policies(folder: Path, *, seconds: float = 0) -> tuple[tuple[Policy, ...], tuple[Fault, ...]]:
    """The policies of the project in ``folder``, and what is wrong. ``seconds`` limits each file.

    The files are imported as ``policies.<name>``, so that they can import one another. For the one process
    that does nothing else: what is imported stays.
    """
    package = ModuleType(FOLDER)
    package.__path__ = [str(folder / FOLDER)]
    sys.modules[FOLDER] = package
    policies: dict[str, Policy] = {}
    faults: list[Fault] = []
    for path in policy_files(folder):
        module = _import(path, seconds, faults)
        own = [each for each in vars(module).values() if isinstance(each, Policy)] if module else []
        if module is not None and not own:
            what = "no policy in it: nothing is decorated with @policy(…) or @plan_policy(…)."
            way_out = f"Call a file that only helps others _{path.name}."
            faults.append(Fault(Location(f"{FOLDER}/{path.name}"), what, way_out))
        for each in own:
            if policies.setdefault(each.name, each) is not each:
                what = f"a second policy is called {each.name!r}."
                faults.append(
                    Fault(_written(each, path), what, "Exemptions name policies: rename one of them.")
                )
    return tuple(policies.values()), tuple(faults)


def _import(path: Path, seconds: float, faults: list[Fault]) -> ModuleType | None:
    try:
        with time_limit(seconds):
            return importlib.import_module(f"{FOLDER}.{path.stem}")
    except TimeIsUp:
        faults.append(
            Fault(Location(f"{FOLDER}/{path.name}"), f"importing it did not end within {seconds:g} s.")
        )
    except (Exception, SystemExit) as error:
        what = traceback.format_exception_only(error)[-1].strip()
        faults.append(Fault(_raised(path, error), f"can't be imported: {what}."))
    return None


def _raised(path: Path, error: BaseException) -> Location:
    """The last place in the folder of policies that the error passed."""
    places = [
        (Path(frame.filename), frame.lineno or 0) for frame in traceback.extract_tb(error.__traceback__)
    ]
    if isinstance(error, SyntaxError) and error.filename:
        places.append((Path(error.filename), error.lineno or 0))
    own: Iterator[tuple[Path, int]] = (each for each in reversed(places) if each[0].parent == path.parent)
    where, line = next(own, (path, 0))
    return Location(f"{FOLDER}/{where.name}", line)


def _written(policy: Policy, path: Path) -> Location:
    code = getattr(policy.function, "__code__", None)
    return Location(f"{FOLDER}/{path.name}", code.co_firstlineno if code is not None else 0)
