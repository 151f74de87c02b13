"""States in files: found by stack, locked while somebody holds the lock, shown without their secrets."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from landform.errors import LandformError, Refused
from landform.planning.redaction import HIDDEN
from landform.workflows.place import Place
from landform.workflows.restoring import check_unlocked, prepare_restore
from landform.workflows.state_homes import BACKUP, Layout, own_home
from landform.workflows.state_listing import list_states
from landform.workflows.state_showing import state_contents
from landform.workflows.state_versions import find_version, state_history
from workflows.place_kit import Shop

HOLD = """
import fcntl, sys
stream = open(sys.argv[1], "r+b")
fcntl.lockf(stream, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""
PASSWORD = [{"type": "get_attr", "value": "password"}]


def _state(password: str = "s3cret-s3cret", serial: int = 3, lineage: str = "l") -> str:
    attributes = {"id": "a", "password": password, "echo": f"p={password}", "x": "hunter2hunter2"}
    each = {"attributes": attributes, "sensitive_attributes": [PASSWORD]}
    one = {"module": "module.net", "mode": "managed", "type": "t", "name": "a", "instances": [each]}
    document = {"version": 4, "terraform_version": "1.11.4", "serial": serial, "lineage": lineage}
    return json.dumps(document | {"outputs": {}, "resources": [one]})


@pytest.fixture
def path(shop: Shop) -> Path:
    """Where the state of ``net`` lies; there is one."""
    found = shop.place().state_dir / "net" / "dev" / "terraform.tfstate"
    found.parent.mkdir(parents=True)
    found.write_text(_state())
    return found


@pytest.fixture
def place(shop: Shop, path: Path) -> Place:
    """The place of that state."""
    assert path.exists()
    found = shop.place()
    secret = replace(found.project.effective_variables["x"], sensitive=True)
    return replace(found, project=replace(found.project, variables=[secret]))


def test_states_are_found_by_stack_and_of_this_environment_only(place: Place, path: Path) -> None:
    for name in ("old/dev", "other/prod"):
        target = path.parents[2] / name / "terraform.tfstate"
        target.parent.mkdir(parents=True)
        target.write_text(_state())
    assert own_home(place).stacks() == ["net", "old"]


def test_locks_and_other_environments_are_no_states() -> None:
    layout = Layout.of("shop/dev/{stack}/terraform.tfstate")
    assert layout.stack("shop/dev/web/terraform.tfstate") == "web"
    for key in ("shop/dev/web/terraform.tfstate.tflock", "shop/prod/web/terraform.tfstate"):
        assert layout.stack(key) == ""


def test_a_listing_tells_what_a_state_is_and_which_is_none(place: Place, path: Path) -> None:
    (facts,) = list_states(place).states
    assert (facts.serial, facts.lineage, facts.resources, facts.terraform) == (3, "l", 1, "1.11.4")
    assert facts.size == path.stat().st_size
    for bad in ("half a te", '{"version": 4}', "[]"):
        path.write_text(bad)
        (facts,) = list_states(place).states
        assert "the state of stack 'net'" in facts.fault


def test_secrets_of_the_state_and_of_variables_are_hidden_unless_asked_for(place: Place) -> None:
    (each,) = state_contents(place, "net", "t.a").instances
    assert each.attributes == {"id": "a", "password": HIDDEN, "echo": f"p={HIDDEN}", "x": HIDDEN}
    (each,) = state_contents(place, "net", "module.net.t.a", show_sensitive=True).instances
    assert each.attributes["password"] == "s3cret-s3cret"


def test_an_address_that_is_not_there_gets_the_nearest(place: Place) -> None:
    with pytest.raises(LandformError, match=r"holds no object at module.net.t.b") as failure:
        state_contents(place, "net", "module.net.t.b")
    assert "module.net.t.a" in failure.value.way_out


def test_a_lock_counts_while_it_is_held_and_not_when_it_was_left(place: Place, path: Path) -> None:
    info = {
        "ID": "1b2",
        "Operation": "OperationTypeApply",
        "Who": "ada@laptop",
        "Created": "2026-11-21T10:44:42Z",
    }
    path.with_name(".terraform.tfstate.lock.info").write_text(json.dumps(info))
    check_unlocked(own_home(place), "net")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(Refused, match=r"locked by ada@laptop since 2026-11-21 10:44 UTC .*1b2"):
            check_unlocked(own_home(place), "net")
    finally:
        holder.communicate()


def test_the_local_backend_keeps_one_version(place: Place, path: Path) -> None:
    with pytest.raises(LandformError, match="there is no earlier state of net") as failure:
        state_history(place, "net", 10)
    assert "s3 backend" in failure.value.way_out
    path.with_name(BACKUP).write_text(_state(serial=2))
    (known,) = state_history(place, "net", 10).versions
    assert (known.version.id, known.facts.serial) == (BACKUP, 2)


def test_an_earlier_state_comes_back_with_the_serial_after_the_present_one(place: Place, path: Path) -> None:
    path.with_name(BACKUP).write_text(_state(serial=1, password="other-other"))
    wanted = prepare_restore(place, "net", BACKUP)
    assert (wanted.serial, wanted.other_lineage) == (4, False)
    assert wanted.difference.changed[0].attributes == ("echo", "password")


def test_another_lineage_is_refused_unless_the_state_holds_nothing(place: Place, path: Path) -> None:
    path.with_name(BACKUP).write_text(_state(lineage="other"))
    with pytest.raises(Refused, match=r"another lineage \(other\) than the state \(l\)"):
        prepare_restore(place, "net", BACKUP)
    empty = json.loads(_state()) | {"resources": []}
    path.write_text(json.dumps(empty))
    assert prepare_restore(place, "net", BACKUP).other_lineage
    path.unlink()
    assert prepare_restore(place, "net", "terraform").difference.back == ("module.net.t.a",)


def test_a_version_that_is_no_state_is_refused(place: Place, path: Path) -> None:
    for text in ("", "half a te", '{"version": 3}', '{"version": 4}'):
        path.with_name(BACKUP).write_text(text)
        with pytest.raises(Refused, match="is not a state"):
            prepare_restore(place, "net", BACKUP)


def test_an_unknown_version_is_told_which_there_are(place: Place, path: Path) -> None:
    path.with_name(BACKUP).write_text(_state())
    versions = own_home(place).versions("net")
    with pytest.raises(LandformError, match="there is no version 'nope'") as failure:
        find_version(versions, "nope")
    assert BACKUP in failure.value.way_out
    two = [replace(versions[0], id="ab1"), replace(versions[0], id="ab2")]
    with pytest.raises(LandformError, match="2 versions begin with 'ab'"):
        find_version(two, "ab")
