"""Versions and constraints, against the rules of Terraform's own library."""

from __future__ import annotations

import pytest

from landform.engine.versions import parse_constraint, parse_version


@pytest.mark.parametrize(
    ("constraint", "accepted", "refused"),
    [
        (">= 1.10, < 2", ["1.10.0", "1.11.4", "1.99"], ["1.9.8", "2.0.0", "2.0.0-beta1", "1.12.0-rc1"]),
        ("~> 1.11", ["1.11.0", "1.11.4", "1.12.0"], ["1.10.9", "2.0.0"]),
        ("~> 1.11.2", ["1.11.2", "1.11.9"], ["1.11.1", "1.12.0"]),
        ("~> 1", ["1.0.0", "1.11.4", "2.5.0"], ["0.15.0"]),
        ("1.11.4", ["1.11.4", "v1.11.4"], ["1.11.5", "1.11.4-rc1"]),
        ("= 1.11", ["1.11.0"], ["1.11.1"]),
        ("!= 1.11.3, > 1.11", ["1.11.4"], ["1.11.3", "1.11.0"]),
        ("<= 1.11.4", ["1.11.4"], ["1.11.5"]),
        ("1.12.0-beta1", ["1.12.0-beta1"], ["1.12.0", "1.12.0-beta2"]),
        (">= 1.12.0-beta2", ["1.12.0-beta3", "1.12.0", "1.13.0"], ["1.12.0-alpha20250101", "1.13.0-beta1"]),
        ("~> 1.12.0-beta1", ["1.12.0-beta2"], ["1.12.0", "1.13.0-beta1"]),
        ("", ["0.1.0", "1.12.0-beta1"], []),
    ],
)
def test_constraints(constraint: str, accepted: list[str], refused: list[str]) -> None:
    parsed = parse_constraint(constraint)
    assert [text for text in accepted if not parsed.allows(parse_version(text))] == []
    assert [text for text in refused if parsed.allows(parse_version(text))] == []


@pytest.mark.parametrize(
    "text", [">=", "=> 1.2", ">= 1.10 < 2", "latest", "1.x", ">= 1.10,,", "~>", "1.2.3.4.5"]
)
def test_a_malformed_constraint_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="is not a version constraint") as caught:
        parse_constraint(text)
    assert text in str(caught.value)


def test_versions_sort_as_releases_do() -> None:
    order = ["1.9.8", "1.11.0-alpha1", "1.11.0-beta2", "1.11.0-beta.11", "1.11.0-rc1", "1.11", "1.11.4"]
    versions = [parse_version(text) for text in order]
    assert sorted(versions, reverse=True)[::-1] == sorted(versions)
    assert str(max(versions)) == "1.11.4"
    assert parse_version("1.11") == parse_version("1.11.0")
    assert parse_version("1.11.0-rc1") < parse_version("1.11")
    with pytest.raises(ValueError, match="not a version"):
        parse_version("one")
