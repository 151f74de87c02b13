"""The place whose configuration is empty: its stacks, their order, the regions of their providers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from landform.errors import Refused
from landform.workflows.from_state import emptied
from workflows.place_kit import Shop

AWS = 'provider["registry.terraform.io/hashicorp/aws"]'
LOST = "Say which region is that provider's"


def _state(shop: Shop, stack: str, *resources: dict[str, Any]) -> None:
    document = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "l"}
    path = shop.place().state_dir / stack / "dev" / "terraform.tfstate"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(document | {"outputs": {}, "resources": list(resources)}))


def _object(stack: str, provider: str = AWS, **attributes: Any) -> dict[str, Any]:
    return {
        "module": f"module.{stack}", "mode": "managed", "type": "t", "name": "n", "provider": provider,
        "instances": [{"attributes": attributes}],
    }  # fmt: skip


def _read(stack: str) -> dict[str, Any]:
    return {"mode": "data", "type": "terraform_remote_state", "name": stack, "instances": []}


def _queue(region: str) -> str:
    return f"arn:aws:sqs:{region}:123456789012:q"


def test_stacks_that_landform_yaml_has_lost_are_found_and_go_before_what_they_read(shop: Shop) -> None:
    _state(shop, "net", _object("net"))
    _state(shop, "a_lost_one", _object("a_lost_one"), _read("net"))

    with emptied(shop.place()) as place:
        assert place.project.order == ("net", "a_lost_one")
        assert (place.project.folder / "generated/a_lost_one/backend.tf").is_file()
    assert not place.project.folder.exists()


def test_no_module_input_or_value_is_in_it(shop: Shop) -> None:
    _state(shop, "net", _object("net"))

    with emptied(shop.place()) as place:
        texts = [path.read_text() for path in place.project.folder.rglob("*") if path.is_file()]
        assert not [text for text in texts if "hunter2" in text]
        assert [path for path in place.var_files if "hunter2" in path.read_text()] == []
        assert place.project.stack_by_name["net"].inputs == {}
        assert "var.x" not in (place.project.folder / "generated/net/main.tf").read_text()


@pytest.mark.parametrize(
    ("provider", "attributes", "region"),
    [
        (f"{AWS}.far", {"arn": _queue("eu-west-1")}, "eu-west-1"),
        (f"module.net.{AWS}.far", {"arn": _queue("eu-west-1")}, "eu-west-1"),
        (f"module.net.module.b.{AWS}", {"arn": _queue("eu-west-1")}, "eu-west-1"),
    ],
)
def test_an_object_is_destroyed_where_it_says_that_it_is(
    shop: Shop, provider: str, attributes: dict[str, str], region: str
) -> None:
    _state(shop, "net", _object("net", provider, **attributes))

    with emptied(shop.place()) as place:
        texts = [path.read_text() for path in place.project.folder.rglob("*.tf")]
        assert [text for text in texts if f'= "{region}"' in text]


@pytest.mark.parametrize(
    ("attributes", "region"),
    [({"id": "x"}, "eu-west-3"), ({"arn": _queue("eu-west-1")}, "eu-west-1")],
)
def test_what_landform_yaml_says_of_a_provider_counts_where_the_objects_say_nothing(
    shop: Shop, attributes: dict[str, str], region: str
) -> None:
    shop.write(
        {
            "landform.yaml": "project: shop\nbackend: local\nstacks:\n"
            "  net: {module: m, inputs: {x: '${var.x}'}, providers: {far: {region: eu-west-3}}}\n"
        }
    )
    _state(shop, "net", _object("net", f"{AWS}.far", **attributes))

    with emptied(shop.place()) as place:
        assert f'"{region}"' in (place.project.folder / "generated/net/providers.tf").read_text()


@pytest.mark.parametrize(
    ("objects", "said"),
    [
        ([_object("net", f"{AWS}.far", id="x")], LOST),
        ([_object("net", f"module.net.{AWS}", id="x")], LOST),
        (
            [_object("net", f"{AWS}.far", arn=_queue(each)) for each in ("eu-west-1", "eu-west-2")],
            LOST,
        ),
        ([_object("net", arn=_queue("eu-west-1"))], "are in eu-west-1, and the environment is in us-east-1"),
    ],
)
def test_no_region_is_guessed(shop: Shop, objects: list[dict[str, Any]], said: str) -> None:
    """In a wrong one the object is not found, is dropped from the state, and stays."""
    _state(shop, "net", *objects)

    with pytest.raises(Refused) as caught, emptied(shop.place()):
        pass
    assert said in f"{caught.value.what} {caught.value.way_out}"
