"""Where an environment stands is noted once, and what lies in Terraform's data folders has to fit it."""

from __future__ import annotations

import json

import pytest

from landform.errors import RecordsUnreadable, Refused
from landform.workflows.place import Place
from landform.workflows.records import records_of
from landform.workflows.whereabouts import forget_whereabouts, note_whereabouts, prove_whereabouts
from workflows.place_kit import Shop


@pytest.fixture
def place(shop: Shop) -> Place:
    return shop.place()


def _elsewhere(shop: Shop) -> Place:
    shop.write({"environments/dev/environment.yaml": "region: eu-west-1\n"})
    return shop.place()


def test_nothing_is_in_the_way_of_a_first_apply(place: Place) -> None:
    prove_whereabouts(place)


def test_another_region_than_at_the_first_apply_is_refused_until_all_is_gone(
    shop: Shop, place: Place
) -> None:
    records = records_of(place)
    note_whereabouts(place, records)
    note_whereabouts(_elsewhere(shop), records)
    with pytest.raises(Refused, match=r"applied in region us-east-1, environment\.yaml says eu-west-1"):
        prove_whereabouts(_elsewhere(shop))
    forget_whereabouts(records)
    prove_whereabouts(_elsewhere(shop))


def test_a_damaged_note_is_no_proof(place: Place) -> None:
    records_of(place).put("place", b"[")
    with pytest.raises(RecordsUnreadable, match="damaged"):
        prove_whereabouts(place)


def test_a_data_folder_of_another_workspace_or_state_is_refused(place: Place) -> None:
    folder = place.data_dir("net")
    folder.mkdir(parents=True)
    (folder / "environment").write_text("prod")
    there = {"type": "local", "config": {"workspace_dir": "/prod/net"}}
    (folder / "terraform.tfstate").write_text(json.dumps({"backend": there}))
    with pytest.raises(Refused) as refused:
        prove_whereabouts(place)
    assert "selects the workspace prod, it should be dev" in refused.value.what
    assert f"at workspace_dir /prod/net, it should be {place.state_dir / 'net'}" in refused.value.what
    (folder / "environment").write_text("dev")
    there["config"] = {"workspace_dir": str(place.state_dir / "net")}
    (folder / "terraform.tfstate").write_text(json.dumps({"backend": there}))
    prove_whereabouts(place)
