"""Code the user wrote, laid out on one line with the spaces ``terraform fmt`` puts.

The rules are those of ``spaceAfterToken`` in hclwrite/format.go of github.com/hashicorp/hcl.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from landform.project.expressions import closing_brace, closing_quote

_TOKEN = re.compile(
    r"(?P<space>[ \t\r]+)|(?P<comment>#[^\n]*|//[^\n]*|/\*.*?\*/)|(?P<newline>\n)"
    r"|(?P<name>[^\W\d][\w-]*)|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<sign>=>|==|!=|<=|>=|&&|\|\||\.\.\.|::|.)",
    re.DOTALL,
)
_OPEN = frozenset("([{")
_CLOSE = frozenset(")]}")
_BEFORE_NEGATION = _OPEN | {
    "", "=", "=>", ":", ",", "?", "+", "*", "/", "%", "-", "==", "!=", ">", ">=", "<", "<=", "&&", "||", "!",
}  # fmt: skip


def one_line(code: str) -> str:
    """``code`` without comments and line ends; it means the same."""
    pieces = _without_line_ends(list(_pieces(code)))
    padded = ["", *pieces, ""]
    spaced = (
        piece + " " * _space_after(before, piece, after)
        for before, piece, after in zip(padded, pieces, padded[2:], strict=False)
    )
    return "".join(spaced).strip()


def _pieces(code: str) -> Iterator[str]:
    """Tokens: a line end is one of its own, a quoted string is one with its insides laid out."""
    position = 0
    while position < len(code):
        if code[position] == '"':
            end = closing_quote(code, position + 1) + 1
            yield _string(code[position:end])
            position = end
            continue
        found = _TOKEN.match(code, position)
        if found is None:
            break
        position = found.end()
        if found.lastgroup not in ("space", "comment"):
            yield found.group()


def _string(text: str) -> str:
    laid_out: list[str] = []
    start = position = 0
    while position < len(text):
        if text.startswith(("$${", "%%{"), position):
            position += 3
        elif text.startswith(("${", "%{"), position):
            end = closing_brace(text, position + 2)
            laid_out += [text[start : position + 2], _inside(text[position + 2 : end])]
            start = position = end
        else:
            position += 2 if text[position] == "\\" else 1
    return "".join([*laid_out, text[start:]])


def _inside(code: str) -> str:
    """The inside of an interpolation, with its ``~`` marks where they were."""
    left, right = "~" * code.startswith("~"), "~" * code.endswith("~")
    inner = one_line(code.removeprefix("~").removesuffix("~"))
    pad = " " * inner.startswith("{"), " " * inner.endswith("}")
    return left + pad[0] + inner + pad[1] + right


def _without_line_ends(pieces: Sequence[str]) -> list[str]:
    """A line end parts the items of an object, and nothing else; a comma does that too."""
    kept: list[str] = []
    objects: list[bool] = []
    for index, piece in enumerate(pieces):
        if piece == "\n":
            if objects and objects[-1] and kept[-1] not in ("{", ","):
                kept.append(",")
            continue
        if piece in _OPEN:
            objects.append(piece == "{" and _next_word(pieces, index) != "for")
        elif piece in _CLOSE:
            objects = objects[:-1]
            if kept and kept[-1] == ",":
                kept.pop()
        if piece == "," and kept and kept[-1] == ",":
            continue
        kept.append(piece)
    return kept


def _next_word(pieces: Sequence[str], index: int) -> str:
    return next((piece for piece in pieces[index + 1 :] if piece != "\n"), "")


def _space_after(before: str, piece: str, after: str) -> bool:  # noqa: PLR0911 - one return a rule
    word = bool(re.match(r"[^\W\d]", piece))
    if (word and after in ("(", "::")) or "." in (piece, after) or piece == "::":
        return False
    if after in (",", "..."):
        return False
    if piece == ",":
        return True
    if piece == "in" and re.match(r"[^\W\d]", before):
        return True
    if after == "[" and (word or piece[0].isdigit() or piece in _CLOSE):
        return False
    if piece == "!" or (piece == "-" and before in _BEFORE_NEGATION):
        return False
    if piece == "{" or after == "}":
        return piece + after != "{}"
    return piece not in _OPEN and after not in _CLOSE
