"""What a person sees of a review, at the widths terminals have."""

from __future__ import annotations

import json

import pytest

from landform.cli.views.review import show_review
from landform.planning.changes import Action
from landform.review import AttributeDiff, ChangeReview, Counts, OutputReview, Review, StackReview

_SOURCE = "module.network.aws_vpc.this.id"


def _replacement() -> ChangeReview:
    diff = AttributeDiff("vpc_id", "vpc-1", None, unknown=True, forces_replacement=True, sources=(_SOURCE,))
    return ChangeReview(
        "module.web.aws_security_group.alb",
        "aws_security_group.alb",
        "aws_security_group",
        "managed",
        Action.REPLACE,
        why="vpc_id",
        caused_by=(_SOURCE,),
        attributes=(diff,),
    )


def _creation(name: str) -> ChangeReview:
    return ChangeReview(
        f"module.web.{name}", name, name.partition(".")[0], "managed", Action.CREATE, headline="10.0.0.0/16"
    )


def _review(**changed: object) -> Review:
    stack = StackReview(
        "web",
        "web-app",
        ("network",),
        (_replacement(), _creation("aws_lb.this")),
        (OutputReview("url", Action.UPDATE),),
        unchanged=3,
        caused_by=("network",),
    )
    values: dict[str, object] = {
        "project": "shop",
        "environment": "dev",
        "digest": "a" * 64,
        "terraform_version": "1.11.4",
        "has_changes": True,
        "region": "eu-west-1",
        "account_id": "123456789012",
        "where": "sandbox",
        "counts": Counts(create=1, replace=1),
        "stacks": (stack,),
    }
    return Review(**(values | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [80, 160])
def test_no_line_is_wider_than_the_terminal(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    long_name = "aws_vpc_security_group_ingress_rule.instances_from_the_load_balancer"
    stack = StackReview("web", "web-app", changes=(_creation(long_name), _replacement()))
    show_review(_review(stacks=(stack,)), diff=True)
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines) <= width
    assert any(long_name in line for line in lines), "an address is never cut"


def test_the_first_lines_say_what_ends_and_where(capsys: pytest.CaptureFixture[str]) -> None:
    show_review(_review())
    top = "\n".join(capsys.readouterr().out.splitlines()[:5])
    assert "1 to create, 1 to replace" in top
    assert "1 existing object ends: 1 in web." in top
    assert "123456789012" in top
    assert "plan aaaaaaaaaaaa" in top


def test_a_replacement_names_the_other_stack_that_causes_it(capsys: pytest.CaptureFixture[str]) -> None:
    show_review(_review())
    shown = capsys.readouterr().out
    assert "← changes in network" in shown
    assert "vpc_id ← network.aws_vpc.this.id" in shown


def test_attributes_are_shown_on_request_only(capsys: pytest.CaptureFixture[str]) -> None:
    show_review(_review())
    assert "forces replacement" not in capsys.readouterr().out
    show_review(_review(), diff=True)
    assert "vpc-1 → (known after apply)" in capsys.readouterr().out


def test_hostile_text_is_printed_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    change = ChangeReview("m", "aws_x.y", "aws_x", "managed", Action.CREATE, headline="[bold red]gone[/]")
    show_review(_review(stacks=(StackReview("web", "m", changes=(change,)),)))
    assert "[bold red]gone[/]" in capsys.readouterr().out


def test_a_deferred_stack_is_named_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    show_review(_review(deferred=(("jobs", "count is known only after apply"),)))
    shown = capsys.readouterr().out
    assert "jobs  deferred" in shown
    assert "count is known only after apply" in shown
    assert "in 1 of 2 stacks" in shown


def test_json_is_one_document_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    show_review(_review(), as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["format_version"] == "1.1"
    assert document["counts"]["replace"] == 1
    assert document["stacks"][0]["changes"][0]["caused_by"] == [_SOURCE]
