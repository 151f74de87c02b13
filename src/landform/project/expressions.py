"""Reads the ``${…}`` of landform.yaml: what is Terraform's to evaluate, and what it refers to.

Text is an expression when it reads ``var.``, ``stack.`` or ``environment.``; any other text is data and
reaches Terraform to the letter, ``${`` and ``%{`` included. ``$${`` always stands for a literal ``${``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

ROOTS = ("var", "stack", "environment")

TRAVERSAL = re.compile(r"(?<![\w.])([A-Za-z_][\w-]*)((?:\s*\.\s*[A-Za-z_][\w-]*)+)")
"""A name and the names after it: ``var.cidr``. A ``-`` just before is a minus: names take theirs in."""

_PLAIN = re.compile(r"(?:var|environment)\.[A-Za-z_][\w-]*\Z|stack\.[a-z][\w-]*\.[A-Za-z_][\w-]*\Z")
_HEREDOC = re.compile(r"<<-?\s*[A-Za-z_]")
_INDEXED = re.compile(r"(?<![\w.-])([A-Za-z_][\w-]*)\s*\[")
_FOR_NAMES = re.compile(r"\bfor\s+([A-Za-z_][\w-]*)(?:\s*,\s*([A-Za-z_][\w-]*))?\s+in\b")


class ExpressionError(ValueError):
    """The text can't be read as an expression; the message says why."""


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """What an expression reads: ``var.<name>``, ``environment.<name>`` or ``stack.<name>.<output>``."""

    root: str
    name: str
    output: str = ""

    def __str__(self) -> str:
        return ".".join(part for part in (self.root, self.name, self.output) if part)


@dataclass(frozen=True, slots=True)
class Expression:
    """The inside of one ``${…}``, in Terraform's own language, with the references it holds."""

    text: str
    references: frozenset[Reference]


@dataclass(frozen=True, slots=True)
class Template:
    """A string with expressions in it, or one text that is not to be read for them again.

    ``parts`` alternates freely.
    """

    parts: tuple[str | Expression, ...]

    @property
    def references(self) -> frozenset[Reference]:
        """Every reference of every part."""
        found = (part.references for part in self.parts if isinstance(part, Expression))
        return frozenset().union(*found)


def parse_text(text: str) -> str | Expression | Template:
    """Data as a plain string, one whole ``${…}`` as an expression, a mixture as a template.

    Text that only its escapes keep from being an expression is a template too, of one part.

    Raises ExpressionError for an unclosed ``${``, an unknown root or a syntax error.
    """
    if "${" not in text:
        return text
    parts = [_read(part) if is_code else part for is_code, part in _split(text)]
    if not any(isinstance(part, Expression) for part in parts):
        data = "".join(part for part in parts if isinstance(part, str))
        return data if data == text else Template((data,))
    merged = _merge(parts)
    only = merged[0]
    return only if len(merged) == 1 and isinstance(only, Expression) else Template(merged)


def _merge(parts: list[str | Expression]) -> tuple[str | Expression, ...]:
    merged: list[str | Expression] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    return tuple(merged)


def _split(text: str) -> list[tuple[bool, str]]:
    """Cut ``text`` at its ``${…}``: (is code, the part), with ``$${`` taken as the text ``${``."""
    pieces: list[tuple[bool, str]] = []
    position = 0
    while True:
        start = text.find("${", position)
        if start < 0:
            break
        if start > 0 and text[start - 1] == "$" and start - 1 >= position:
            pieces.append((False, text[position : start - 1] + "${"))
            position = start + 2
            continue
        end = closing_brace(text, start + 2)
        pieces.append((False, text[position:start]))
        pieces.append((True, text[start + 2 : end]))
        position = end + 1
    pieces.append((False, text[position:]))
    return pieces


def closing_brace(text: str, position: int) -> int:
    """Index of the ``}`` that closes the interpolation whose inside starts at ``position``.

    Raises ExpressionError where there is none.
    """
    depth = 1
    while position < len(text):
        if text[position] == '"':
            position = closing_quote(text, position + 1)
        else:
            depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return position
        position += 1
    message = f"'${{' is never closed in {_short(text)}; write $${{ for the text"
    raise ExpressionError(message)


def closing_quote(text: str, position: int) -> int:
    """Index of the ``"`` that ends the string whose inside starts at ``position``."""
    while position < len(text) and text[position] != '"':
        if text.startswith(("$${", "%%{"), position):
            position += 3
        elif text.startswith(("${", "%{"), position):
            position = closing_brace(text, position + 2) + 1
        else:
            position += 2 if text[position] == "\\" else 1
    return position


def _read(inside: str) -> Expression | str:
    code = inside.strip()
    if _PLAIN.match(code):
        return Expression(code, frozenset({_reference(code.split("."))}))
    bare = _without_strings(code)
    references = _references(code, bare)
    if not references:
        return "${" + inside + "}"
    if _HEREDOC.search(bare):
        message = f"${{{_short(code)}}} holds a heredoc; write the text in YAML, with ${{…}} in it"
        raise ExpressionError(message)
    _check_syntax(code)
    return Expression(code, references)


def _references(code: str, bare: str) -> frozenset[Reference]:
    local = {name for match in _FOR_NAMES.finditer(bare) for name in match.groups() if name}
    found: set[Reference] = set()
    unknown: set[str] = set()
    for match in TRAVERSAL.finditer(bare):
        root, rest = match.group(1), re.sub(r"\s", "", match.group(2))
        if root in ROOTS:
            found.add(_reference([root, *rest[1:].split(".")]))
        elif root not in local and bare[match.start() - 1 : match.start()] != "-":  # ${NAME:-a.conf} is shell
            unknown.add(root + rest)
    unknown |= {m.group(1) for m in _INDEXED.finditer(bare) if m.group(1) not in local and m.group(1) != "in"}
    if unknown:
        named = ", ".join(sorted(unknown))
        message = f"${{{_short(code)}}} reads {named}; only var., stack. and environment. can be read here"
        raise ExpressionError(message)
    if found and (hidden := sorted(local.intersection(ROOTS))):
        message = f"${{{_short(code)}}}: 'for {hidden[0]}' hides {hidden[0]}. inside; use another name there"
        raise ExpressionError(message)
    return frozenset(found)


def _reference(parts: list[str]) -> Reference:
    if parts[0] == "stack":
        if len(parts) < 3:
            message = f"{'.'.join(parts)} names no output: write stack.<name>.<output>"
            raise ExpressionError(message)
        return Reference("stack", parts[1], parts[2])
    return Reference(parts[0], parts[1])


def _without_strings(code: str) -> str:
    """The code with literal text blanked out, but the insides of its own ``${…}`` kept."""
    return "".join(text if is_code else " " for is_code, text in segments(code))


def segments(code: str) -> Iterator[tuple[bool, str]]:
    """Cut an expression into (is code, text): literal text of strings apart from code, at any depth."""
    start = code.find('"')
    if start < 0:
        yield True, code
        return
    end = closing_quote(code, start + 1) + 1
    yield True, code[:start]
    yield from _string_segments(code[start:end])
    yield from segments(code[end:])


def _string_segments(text: str) -> Iterator[tuple[bool, str]]:
    start = position = 0
    while position < len(text):
        if text.startswith(("$${", "%%{"), position):
            position += 3
        elif text.startswith(("${", "%{"), position):
            yield False, text[start : position + 2]
            start = closing_brace(text, position + 2)
            yield from segments(text[position + 2 : start])
            position = start
        else:
            position += 2 if text[position] == "\\" else 1
    yield False, text[start:]


def _check_syntax(code: str) -> None:
    import pygohcl

    try:
        pygohcl.loads(f"x = (\n{code}\n)\n")
    except pygohcl.HCLParseError as error:
        reason = str(error).split(";", 1)[-1].split(",")[0].strip()
        message = f"${{{_short(code)}}} is not a Terraform expression: {reason}"
        raise ExpressionError(message) from error


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
