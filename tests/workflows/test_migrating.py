"""What a migration would do, from both places' states: nothing is pushed in these tests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from landform.errors import LandformError, Refused
from landform.workflows.migrating import Fate, prepare_migration
from workflows.place_kit import Shop

ONE = {"module": "module.net", "mode": "managed", "type": "t", "name": "a", "instances": [{"attributes": {}}]}


def _write(path: Path, serial: int = 5, lineage: str = "l", *, empty: bool = False) -> None:
    document = {"version": 4, "terraform_version": "1.11.4", "serial": serial, "lineage": lineage}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document | {"outputs": {}, "resources": [] if empty else [ONE]}))


@pytest.fixture
def old(shop: Shop) -> Path:
    """The old place's state of ``net``, which is there."""
    found = shop.folder / "old" / "net" / "dev" / "terraform.tfstate"
    _write(found)
    return found


@pytest.fixture
def new(shop: Shop) -> Path:
    """The new place's, which is not there yet."""
    return shop.place().state_dir / "net" / "dev" / "terraform.tfstate"


def _fate(shop: Shop) -> Fate:
    (move,) = prepare_migration(shop.place(), "local:old").moves
    return move.fate


def test_a_state_is_moved_until_the_new_place_has_it(shop: Shop, old: Path, new: Path) -> None:
    assert _fate(shop) is Fate.MOVE
    _write(new, serial=4)
    assert _fate(shop) is Fate.MOVE
    for serial in (5, 6):
        _write(new, serial=serial)
        assert _fate(shop) is Fate.THERE
    _write(old, serial=9, empty=True)
    assert _fate(shop) is Fate.MOVE, "it was destroyed in the meantime, and the copy there is stale"


def test_an_empty_state_of_a_first_plan_is_in_nobodys_way(shop: Shop, old: Path, new: Path) -> None:
    _write(new, serial=1, lineage="of-a-plan", empty=True)
    assert old.exists()
    assert _fate(shop) is Fate.MOVE


def test_another_lineage_in_the_new_place_is_refused(shop: Shop, old: Path, new: Path) -> None:
    _write(new, serial=1, lineage="other")
    with pytest.raises(Refused, match=f"{new} is of lineage other, not l"):
        _fate(shop)
    _write(old, empty=True)
    with pytest.raises(LandformError, match="there is no state at --from"):
        _fate(shop)


def test_no_state_at_all_says_where_it_looked(shop: Shop) -> None:
    with pytest.raises(LandformError, match=f"looked for {shop.folder}/elsewhere/net/dev/terraform.tfstate"):
        prepare_migration(shop.place(), "local:elsewhere")


def test_the_same_place_is_no_migration(shop: Shop, new: Path) -> None:
    _write(new)
    with pytest.raises(LandformError, match="has the states of dev already") as failure:
        prepare_migration(shop.place(), "local")
    assert "backend:" in failure.value.way_out


def test_states_that_no_stack_has_are_told_of(shop: Shop, old: Path) -> None:
    _write(old.parents[2] / "gone" / "dev" / "terraform.tfstate")
    assert prepare_migration(shop.place(), "local:old").strangers == ("gone",)
