"""What pytest loads: the options, the marker and the hooks; ``fixtures`` are registered from here."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from landform.testing import collecting, coverage, fixtures, graceful, hookspecs, options, snapshots
from landform.testing.options import SETTINGS

if TYPE_CHECKING:
    from landform.testing.collection import Wanted
    from landform.testing.joining import Joined
    from landform.testing.lifetimes import Lifetimes

LIFETIMES = pytest.StashKey["Lifetimes"]()
"""Where a process keeps its stacks and emulators in ``config.stash``, once there are any."""
_RUN = pytest.StashKey[str]()
_JOINED: pytest.StashKey[Joined] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The ``--tf-…`` options."""
    options.add_options(parser)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """The hooks by which others join in."""
    pluginmanager.add_hookspecs(hookspecs)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, object, object]:
    """With ``-n`` and no ``--dist``, take the one that keeps the tests of a shared stack together."""
    if getattr(config.option, "numprocesses", None) and getattr(config.option, "dist", "") == "no":
        config.option.dist = "loadgroup"
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Read the settings and declare the marker."""
    from landform.testing.marker import SIGNATURE

    config.stash[SETTINGS] = options.read_settings(config)
    config.stash[_RUN] = str(_worker_input(config).get("testrunuid") or secrets.token_hex(16))
    graceful.graceful(config)
    if not _worker_input(config):
        config.pluginmanager.register(_Summary(), "landform-summary")
    config.stash[collecting.LIFETIMES_OF] = lambda: _lifetimes(config)
    for part in (fixtures, collecting, snapshots, coverage):
        config.pluginmanager.register(part)
    config.addinivalue_line("markers", SIGNATURE)
    config.addinivalue_line("markers", "xdist_group(name): tests that run in one worker")


def pytest_sessionstart(session: pytest.Session) -> None:
    """What workers would find missing for tests in a real account is missing before they start."""
    config = session.config
    if config.option.tf_cloud == "aws" and getattr(config.option, "numprocesses", None):
        from landform.testing.joining import accounts_of

        accounts_of(config, config.stash[_RUN], _shared_folder(config)).check_shell()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker how tests are handed out, and learn what the workers call this run."""
    node.workerinput["landform_dist"] = node.config.option.dist
    node.config.stash[_RUN] = node.workerinput["testrunuid"]


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A ``loadgroup`` that knows the groups whatever pytest lets xdist do to the names of tests."""
    if config.option.dist != "loadgroup":
        return None
    from landform.testing.scheduling import GroupScheduling

    return GroupScheduling(config, log, _shared_folder(config))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Read the markers before xdist looks at the groups."""
    from landform.testing.collection import WANTED, Wanted, needs_groups, read_items

    worker = _worker_input(config)
    read_items(items, config.stash[SETTINGS], int(worker.get("workercount", 1)))
    if worker.get("landform_dist", "loadgroup") != "loadgroup":
        for item in needs_groups(items):
            fault = f"{item.nodeid} shares its stack with other tests: run them with --dist loadgroup."
            item.stash[WANTED] = Wanted(fault=fault)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse a run with a wrong marker; note which tests and which plans belong together."""
    from landform.testing.collection import PLANNED, WANTED, faults_of, groups_of

    faults = faults_of(session.items)
    if faults and not _worker_input(session.config):  # a worker's tests fail with them one by one
        raise pytest.UsageError("\n".join(faults))
    if _worker_input(session.config) and (groups := groups_of(session.items)):
        from landform.testing.scheduling import write_groups

        write_groups(_shared_folder(session.config), groups)
    if any(wanted.case and str(wanted.case.level) == "aws" for wanted in map(_wanted, session.items)):
        _lifetimes(session.config)
        session.config.stash[_JOINED].check(session.items, in_worker=bool(_worker_input(session.config)))
    for item in session.items:
        wanted = item.stash[WANTED]
        if wanted.case and wanted.batch and not item.get_closest_marker("skip"):
            lifetimes = _lifetimes(session.config)
            lifetimes.batch(wanted.batch, lifetimes.fill(wanted.case, f"{PLANNED} {item.nodeid}"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test whose marker is wrong fails with what is wrong."""
    from landform.testing.collection import WANTED

    lifetimes = item.config.stash.get(LIFETIMES, None)
    if lifetimes is not None:
        lifetimes.bench.seen.clear()

    wanted = item.stash.get(WANTED, None)
    if wanted is not None and wanted.fault:
        pytest.fail(wanted.fault, pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add a failed test's plan and the times; hide secrets."""
    lifetimes = item.config.stash.get(LIFETIMES, None)
    if lifetimes is not None and call.when == "teardown":
        item.user_properties += lifetimes.bench.clock.taken()
    report = yield
    if lifetimes is not None:
        from landform.testing.report import add_plans, redact

        if report.failed and call.when == "call":
            add_plans(report, lifetimes.bench.seen)
        redact(report, lifetimes.bench.secrets)
    return report


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Show the plan where a set of its addresses is not the expected one; hide sensitive text."""
    from landform.testing.attributes import SecretText
    from landform.testing.plans import explain_difference

    if isinstance(left, SecretText) or isinstance(right, SecretText):
        return [f"{left!r} {op} {right!r}"]
    return explain_difference(left, right) if op == "==" else None


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the emulators; the process that started the workers removes what they shared."""
    lifetimes = config.stash.get(LIFETIMES, None)
    if lifetimes is not None:
        lifetimes.bench.close()
    if _RUN not in config.stash or _worker_input(config) or config.stash[SETTINGS].keep:
        return
    folder = _shared_path(config)
    if folder.exists():
        from landform.testing.standing import left_by, remove_all_but

        left = left_by(config, config.stash[_RUN])
        remove_all_but(folder, [stack.top for stack in left])


class _Summary:
    """Adds up what the tests of all workers report."""

    def __init__(self) -> None:
        from landform.testing.report import PhaseTable

        self._table = PhaseTable()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The last report of a test has its times."""
        if report.when == "teardown":
            self._table.add(report)

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter, config: pytest.Config
    ) -> None:
        """Where the time went, where the folders are, and what could not be destroyed."""
        from landform.testing.standing import left_by, lines_about

        lines = self._table.lines()
        if lines:
            terminalreporter.section("terraform")
            terminalreporter.write("".join(f"{line}\n" for line in lines))
        if lines and config.stash[SETTINGS].keep:
            terminalreporter.write_line(f"working folders are kept in {_shared_folder(config)}")
        for line in lines_about(left_by(config, config.stash[_RUN])) if lines else ():
            terminalreporter.write_line(line)


def __tracebackhide__(error: pytest.ExceptionInfo[BaseException]) -> bool:  # noqa: N807 - pytest's name
    """See ``landform.testing.failures.is_told``; this module is read by every pytest, so it imports late."""
    from landform.testing.failures import is_told

    return is_told(error)


def _wanted(item: pytest.Item) -> Wanted:
    from landform.testing.collection import WANTED

    return item.stash[WANTED]


def _lifetimes(config: pytest.Config) -> Lifetimes:
    if LIFETIMES not in config.stash:
        from landform.testing.bench import Bench
        from landform.testing.joining import join
        from landform.testing.lifetimes import Lifetimes

        worker = str(_worker_input(config).get("workerid", "gw")).removeprefix("gw")
        shared = _shared_folder(config)
        folder = shared / f"worker{worker}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        bench = Bench(config, folder, shared)
        config.stash[LIFETIMES] = Lifetimes(bench, config.stash[_RUN], worker)
        config.stash[_JOINED] = join(config, config.stash[_RUN], worker and f"gw{worker}", shared)
    return config.stash[LIFETIMES]


def _shared_folder(config: pytest.Config) -> Path:
    """The folder of this run, for all its workers."""
    folder = _shared_path(config)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _shared_path(config: pytest.Config) -> Path:
    """Its name is not to be guessed."""
    return Path(tempfile.gettempdir(), f"landform-test-{config.stash[_RUN]}")


def _worker_input(config: pytest.Config) -> Mapping[str, Any]:
    found: Mapping[str, Any] = getattr(config, "workerinput", {})
    return found
