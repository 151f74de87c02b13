"""The policies of docs/reference/iam, filled in, and whether they allow a call."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from e2e.calls import Call

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference" / "iam"
FILLED = {
    "STATE_BUCKET": "landform-shop-tfstate",
    "PROJECT": "shop",
    "ENVIRONMENT": "dev",
    "CALLER_ACCOUNT_ID": "123456789012",
    "CALLER_ROLE": "ci",
    "ACCOUNT_ID": "123456789012",
    "REGION": "us-east-1",
    "OWNER": "example",
    "REPOSITORY": "shop",
    "EXTERNAL_ID": "of-shop",
    "PERMISSION_SET": "Deploy",
    "TOPIC": "nights",
}
PLACEHOLDER = re.compile(r"\b[A-Z][A-Z_]{3,}\b|(?<=_)[A-Z_]{4,}(?=_)")


def policy(name: str) -> str:
    """The text of a policy with every placeholder filled in."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    for placeholder, value in FILLED.items():
        text = text.replace(placeholder, value)
    assert PLACEHOLDER.findall(text) == []
    return text


def allows(text: str, call: Call) -> bool:
    """Whether a statement of a policy has a call's action, and its resource where the call names one."""
    statements: list[Mapping[str, Any]] = json.loads(text)["Statement"]
    return any(
        _has(each["Action"], call.action) and (call.resource == "*" or _has(each["Resource"], call.resource))
        for each in statements
    )


def _has(patterns: str | list[str], value: str) -> bool:
    given = [patterns] if isinstance(patterns, str) else patterns
    return any(re.fullmatch(re.escape(each).replace(r"\*", ".*"), value) for each in given)
