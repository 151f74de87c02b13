"""What an approval binds: any part that moves gives another digest, and is named."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from landform.planning.manifest import Manifest

_MANIFEST = Manifest(
    "shop",
    "prod",
    "apply",
    "111111111111, eu-west-1",
    "planhash",
    "terraform 1.11.4",
    ("web",),
    {"modules/m/main.tf": "a", "landform.yaml": "b"},
    {"generated/web/.terraform.lock.hcl": "c"},
    {"environments/prod/terraform.tfvars": "d"},
    {"web": "0f3c9a2e-lineage/7", "net": ""},
    ("module.web.a.b",),
)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"project": "other"}, "project was shop, is other"),
        ({"environment": "dev"}, "environment was prod, is dev"),
        ({"operation": "destroy"}, "operation was apply, is destroy"),
        (
            {"where": "222222222222, eu-west-1"},
            "where was 111111111111, eu-west-1, is 222222222222, eu-west-1",
        ),
        ({"engine": "tofu 1.9.0"}, "engine was terraform 1.11.4, is tofu 1.9.0"),
        ({"stacks": ()}, "the chosen stacks were web, are all"),
        ({"sources": {"modules/m/main.tf": "x", "landform.yaml": "b"}}, "modules/m/main.tf has changed"),
        ({"sources": {"landform.yaml": "b"}}, "modules/m/main.tf is gone"),
        ({"sources": {**_MANIFEST.sources, "modules/m/x.sh": "e"}}, "modules/m/x.sh is new"),
        ({"locks": {}}, "provider lock generated/web/.terraform.lock.hcl is gone"),
        (
            {"values": {"environments/prod/terraform.tfvars": "x"}},
            "environments/prod/terraform.tfvars has changed",
        ),
        (
            {"states": {"web": "0f3c9a2e-lineage/8", "net": ""}},
            "the state of web was serial 7 of 0f3c9a2e, is serial 8 of 0f3c9a2e",
        ),
        (
            {"states": {"web": "0f3c9a2e-lineage/7", "net": "1-2/1"}},
            "the state of net was none, is serial 1 of 1-2",
        ),
        ({"targets": ()}, "the only objects were module.web.a.b, are all"),
        ({"plan": "other"}, "what Terraform plans to do is no longer the same"),
    ],
)
def test_what_moves_is_another_plan_and_is_named(change: dict[str, Any], sentence: str) -> None:
    later = replace(_MANIFEST, **change)
    assert later.digest != _MANIFEST.digest
    assert _MANIFEST.differences(later) == (sentence,)


def test_every_part_is_tried_above() -> None:
    """A part that ``differences`` forgets would refuse without a word, or not at all."""
    empty = Manifest("", "", "", "", "", "")
    assert len(_MANIFEST.differences(empty)) >= len(_MANIFEST.to_json()) - 1


def test_a_manifest_survives_json() -> None:
    again = Manifest.from_json(json.loads(json.dumps(_MANIFEST.to_json())))
    assert again.digest == _MANIFEST.digest
    assert _MANIFEST.differences(again) == ()


def test_a_manifest_of_all_objects_is_as_it_was_before_there_were_targets() -> None:
    whole = replace(_MANIFEST, targets=())
    assert "targets" not in whole.to_json()
    assert Manifest.from_json(whole.to_json()) == whole


def test_what_is_no_manifest_is_an_error() -> None:
    with pytest.raises(ValueError, match="schema 2"):
        Manifest.from_json(_MANIFEST.to_json() | {"schema": 2})
    with pytest.raises(KeyError):
        Manifest.from_json({"schema": 1})
