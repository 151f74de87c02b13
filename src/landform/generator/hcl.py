"""Values as HCL text, laid out as ``terraform fmt`` lays it out.

Text from the user only ever becomes a quoted literal; code is what ``project.expressions`` took for code.
Escapes: https://developer.hashicorp.com/terraform/language/expressions/strings
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from landform.generator.layout import one_line
from landform.project.expressions import TRAVERSAL, Expression, Template, segments
from landform.project.names import is_identifier
from landform.project.values import Value

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SIGNS = re.compile(r"[$%]+\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Code:
    """Terraform code landform itself writes, such as ``var.environment.ephemeral``."""

    text: str


def quote(text: str) -> str:
    """``text`` as a quoted HCL string that evaluates to exactly ``text``."""
    return f'"{_escape(text)}"'


def _escape(text: str) -> str:
    escaped = "".join(_ESCAPES.get(character, character) for character in text)
    escaped = _CONTROL.sub(lambda match: f"\\u{ord(match.group()):04x}", escaped)
    return escaped.replace("${", "$${").replace("%{", "%%{")


def expression(code: str) -> str:
    """An expression of landform.yaml in the terms of a root: local.stack_<name> and var.environment."""
    parts = (TRAVERSAL.sub(_translated, text) if is_code else text for is_code, text in segments(code))
    return one_line("".join(parts))


def _translated(reference: re.Match[str]) -> str:
    root, rest = reference.groups()
    if root == "stack":
        return "local.stack_" + rest.lstrip().removeprefix(".").lstrip()
    return f"var.environment{rest}" if root == "environment" else reference.group()


def _template(template: Template) -> str:
    parts: list[str] = []
    for part in template.parts:
        if isinstance(part, Expression):
            # a literal $ or % just before ${ would read as an escape
            if parts and (signs := _SIGNS.search(parts[-1])):
                parts[-1] = parts[-1][: signs.start()] + '${"' + signs.group() + '"}'
            parts.append("${" + expression(part.text) + "}")
        else:
            parts.append(_escape(part))
    return f'"{"".join(parts)}"'


def render(value: Value | Code, indent: int = 0) -> str:  # noqa: PLR0911 - one return a type
    """``value`` as HCL; its further lines are indented by ``indent`` spaces."""
    match value:
        case Code():
            return value.text
        case Expression():
            return expression(value.text)
        case Template():
            return _template(value)
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return quote(value)
        case tuple():
            return _list(value, indent)
        case _:
            return _map(value, indent)


def _list(items: Sequence[Value | Code], indent: int) -> str:
    inner = [render(item, indent + 2) for item in items]
    line = f"[{', '.join(inner)}]"
    if len(line) + indent <= 90 and "\n" not in line:
        return line
    pad = " " * (indent + 2)
    return "[\n" + "".join(f"{pad}{item},\n" for item in inner) + " " * indent + "]"


def _map(items: Mapping[str, Value], indent: int) -> str:
    if not items:
        return "{}"
    if len(items) == 1:
        ((key, item),) = items.items()
        text = render(item, indent)
        if "\n" not in text and len(text) < 50:
            return f"{{ {_key(key)} = {text} }}"
    keyed = {_key(key): value for key, value in items.items()}
    return "{\n" + attributes(keyed, indent + 2) + "\n" + " " * indent + "}"


def _key(key: str) -> str:
    return key if is_identifier(key) and key not in ("null", "for", "true", "false") else quote(key)


def attributes(items: Mapping[str, Value | Code], indent: int) -> str:
    """``key = value`` lines, the ``=`` of neighbouring one-line values under each other."""
    rendered = [(key, render(value, indent)) for key, value in items.items()]
    lines: list[str] = []
    for group in _groups(rendered):
        width = max(len(key) for key, _ in group)
        lines += [f"{' ' * indent}{key.ljust(width)} = {text}" for key, text in group]
    return "\n".join(lines)


def _groups(rendered: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Neighbours that ``terraform fmt`` aligns: a value of several lines stands alone."""
    groups: list[list[tuple[str, str]]] = []
    open_group = False
    for key, text in rendered:
        one_line = "\n" not in text
        if one_line and open_group:
            groups[-1].append((key, text))
        else:
            groups.append([(key, text)])
        open_group = one_line
    return groups
