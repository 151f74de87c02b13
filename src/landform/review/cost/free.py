"""The types of resources that cost nothing by themselves; what they carry or start is billed elsewhere.

A type that is neither here nor in the mappers has an unknown cost, never none.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_NAMES = Path(__file__).with_name("free.txt")
_PREFIXES = ("aws_iam_", "archive_", "http_", "local_", "null_", "random_", "terraform_data", "time_", "tls_")
"""IAM, and what exists in Terraform's state only."""


def is_free(kind: str) -> bool:
    """Whether a resource of this type costs nothing by itself."""
    return kind in _names() or kind.startswith(_PREFIXES)


@cache
def _names() -> frozenset[str]:
    return frozenset(_NAMES.read_text(encoding="utf-8").split())
