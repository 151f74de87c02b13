"""The formats a review can be had in; what each needs is imported when it is asked for."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from landform.review import Review


class Format(StrEnum):
    """What ``--format`` takes."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"


_JSON = (Format.JSON, Format.SARIF)


def render(review: Review, wanted: Format, width: int = 80, *, diff: bool = False) -> str:
    """The review in a format. ``width`` and ``diff`` count for text only."""
    match wanted:
        case Format.TEXT:
            from landform.cli.views.review import review_text

            return review_text(review, width, diff=diff)
        case Format.MARKDOWN:
            from landform.cli.views.markdown import markdown

            return markdown(review)
        case Format.HTML:
            from landform.cli.views.html import html

            return html(review)
        case Format.JUNIT:
            from landform.cli.views.junit import junit

            return junit(review)
        case Format.JSON | Format.SARIF:
            return "".join(_json(review, wanted))


def report(review: Review, wanted: Format, *, diff: bool = False) -> Iterable[str]:
    """The same in pieces: those of JSON are made as they are written."""
    return _json(review, wanted) if wanted in _JSON else [render(review, wanted, diff=diff)]


def _json(review: Review, wanted: Format) -> Iterator[str]:
    from landform.cli.views.console import json_pieces
    from landform.cli.views.sarif import sarif
    from landform.review.document import to_document

    return json_pieces(sarif(review) if wanted is Format.SARIF else to_document(review))


def show_report(text: str | Iterable[str], path: Path | None) -> None:
    """Print a rendered review, or put it into a file. Raises LandformError where that can't be done."""
    pieces = [text] if isinstance(text, str) else text
    if path is None:
        sys.stdout.writelines(pieces)
        return
    try:
        with path.open("w", encoding="utf-8") as stream:
            stream.writelines(pieces)
    except OSError as error:
        from landform.errors import LandformError

        why = error.strerror or type(error).__name__
        raise LandformError(f"{path} can't be written: {why}", "Name another file with --output.") from error
