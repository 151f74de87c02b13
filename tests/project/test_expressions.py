"""What of a text is Terraform's to evaluate, and what it reads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from landform.project import Stack
from landform.project.expressions import Expression, ExpressionError, Template, parse_text


def _reads(text: str) -> set[str]:
    parsed = parse_text(text)
    assert isinstance(parsed, Expression | Template), f"taken for data: {parsed!r}"
    return {str(reference) for reference in parsed.references}


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("${var.cidr}", {"var.cidr"}),
        ("${ var.cidr }", {"var.cidr"}),
        ("${stack.network.vpc_id}", {"stack.network.vpc_id"}),
        ("${stack.network.subnet_ids_by_zone.private[0]}", {"stack.network.subnet_ids_by_zone"}),
        ("${stack . network . vpc_id}", {"stack.network.vpc_id"}),
        ("${environment.region}", {"environment.region"}),
        ("${environment.tags.CostCenter}", {"environment.tags"}),
        ("${merge(var.a, {b = stack.web-app.url})}", {"var.a", "stack.web-app.url"}),
        ('${upper("${stack.a.b}-${var.c}")}', {"stack.a.b", "var.c"}),
        ('${"${"${var.deep}"}"}', {"var.deep"}),
        ("${var.list[*].id}", {"var.list"}),
        ("${var.list[var.index]}", {"var.list", "var.index"}),
        ("${-var.x}", {"var.x"}),
        ("${10-var.x}", {"var.x"}),
        ("${var.a-var.b}", {"var.a-var"}),  # a hyphen belongs to the name, as in Terraform
        ('${[for k, v in var.map : "${k}-${v.id}" if v.on]}', {"var.map"}),
        ("${{for subnet in stack.net.subnets : subnet.id => subnet.zone}}", {"stack.net.subnets"}),
    ],
)
def test_references(text: str, reads: set[str]) -> None:
    assert _reads(text) == reads


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10.0.0.0/16",
        "costs $5, 100% sure",
        '${file("/etc/passwd")}',
        '${upper("stack.a.b")}',
        "${HOME}",
        "a ${ HOME\t} b",
        "echo ${NAME:-default.conf}",
        "%{ if true }x%{ endif }",
        "%{if var.x}",
        "}{",
        'a "quoted" \\ text\nof two lines',
    ],
)
def test_text_that_reads_nothing_is_data_to_the_letter(text: str) -> None:
    assert parse_text(text) == text


def test_two_dollars_stand_for_the_text() -> None:
    assert parse_text("$${var.cidr}") == Template(("${var.cidr}",))
    assert parse_text("a$$${var.cidr} b") == Template(("a$${var.cidr} b",))
    template = parse_text("$${var.a} is ${var.a}")
    assert isinstance(template, Template)
    assert template.parts[0] == "${var.a} is "


def test_text_is_read_for_expressions_once() -> None:
    """A stack is copied with other fields now and then; what was escaped may not become code then."""
    stack = Stack(
        "a", "m", {"text": "$${var.cidr}", "read": "${var.cidr}", "deep": ({"x": "$${stack.b.c}"},)}
    )
    again = replace(replace(stack, teardown=True), inputs=dict(stack.inputs))
    assert again.inputs == stack.inputs
    assert [str(reference) for _, reference in again.references()] == ["var.cidr"]


def test_data_beside_an_expression_stays_data() -> None:
    template = parse_text('${file("/etc/passwd")}%{if true}${var.x}!')
    assert isinstance(template, Template)
    assert [part for part in template.parts if isinstance(part, str)] == [
        '${file("/etc/passwd")}%{if true}',
        "!",
    ]


def test_one_whole_interpolation_keeps_its_type() -> None:
    """A list must arrive as a list, so it may not become part of a string."""
    assert isinstance(parse_text("${var.subnets}"), Expression)
    assert isinstance(parse_text("${var.a}${var.b}"), Template)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("${var.x", "never closed"),
        ('${"a" + var.x', "never closed"),
        ('${upper("${var.x)}', "never closed"),
        ("${local.x}", "reads local.x; only var., stack. and environment."),
        ("${each.value}", "reads each.value"),
        ("${data.aws_vpc.main.id}", "reads data.aws_vpc.main.id"),
        ("${path.module}/${var.x}", "reads path.module"),
        ("${names[0] == var.x}", "reads names"),
        ("${stack.network}", "names no output: write stack.<name>.<output>"),
        ("${var.x +}", "is not a Terraform expression"),
        ("${var.x ? 'a' : 'b'}", "Single quotes are not valid"),
        ("${[for environment in var.all : environment.name]}", "'for environment' hides environment."),
        ("${<<EOT\n${var.x}\nEOT\n}", "holds a heredoc"),
    ],
)
def test_what_cant_be_read_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        parse_text(text)
    assert says in str(refusal.value)
