"""States as Terraform writes them, as short as a test needs them."""

from __future__ import annotations

from typing import Any

from landform.planning.states import StackState


def state(*resources: dict[str, Any], serial: int = 1, lineage: str = "l", **outputs: Any) -> StackState:
    """A state of stack ``web``; outputs by name and value, sensitive where the name begins with secret."""
    shown = {
        name: {"value": value, "type": "string"} | ({"sensitive": True} if "secret" in name else {})
        for name, value in outputs.items()
    }
    document = {"version": 4, "terraform_version": "1.11.4", "serial": serial, "lineage": lineage}
    return StackState("web", document | {"outputs": shown, "resources": list(resources)})


def resource(kind: str, name: str = "this", mode: str = "managed", **attributes: Any) -> dict[str, Any]:
    """A resource of one object with these attributes."""
    return instances(kind, name, {"attributes": attributes}, mode=mode)


def instances(kind: str, name: str, *found: dict[str, Any], mode: str = "managed") -> dict[str, Any]:
    """A resource with these objects, as the state has them."""
    provider = 'provider["registry.terraform.io/hashicorp/aws"]'
    return {
        "module": "module.web",
        "mode": mode,
        "type": kind,
        "name": name,
        "provider": provider,
        "instances": list(found),
    }


def path(*steps: str | int) -> list[dict[str, Any]]:
    """A path of ``sensitive_attributes``: names of attributes, and the keys of what is in them."""
    first, *rest = steps
    found: list[dict[str, Any]] = [{"type": "get_attr", "value": first}]
    for step in rest:
        kind = "number" if isinstance(step, int) else "string"
        found.append({"type": "index", "value": {"value": step, "type": kind}})
    return found
