"""The projects that come with landform, to start from."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path


class Example(StrEnum):
    """What a project can start from."""

    STARTER = "starter"
    SHOP = "shop"
    EKS = "eks"


def example_folder(example: Example) -> Path:
    """Where an example lies: inside the wheel, or in the checkout, whose own project is the shop."""
    package = Path(__file__).resolve().parents[1]
    shipped = package / "_examples"
    if shipped.is_dir():
        return shipped / example
    checkout = package.parents[1]
    return checkout if example is Example.SHOP else checkout / "examples" / example
