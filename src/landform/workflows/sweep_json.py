"""Sweeps and lists of leftovers as JSON data."""

from __future__ import annotations

from typing import Any

from landform.review.certificate import sweep_document
from landform.review.deletion import DeletionList
from landform.review.sweep import Sweep


def sweep_json(sweep: Sweep) -> dict[str, Any]:
    """A sweep."""
    return sweep_document(sweep)


def list_json(made: DeletionList) -> dict[str, Any]:
    """A list of what may be deleted, with its digest."""
    return {"digest": made.digest, "doomed": list(made.doomed), "sweep": sweep_document(made.sweep)}
