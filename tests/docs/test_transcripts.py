"""The comparison itself: what it forgives, and what it finds."""

from __future__ import annotations

from docs.transcripts import mismatch

_OUTPUT = "$ landform plan dev\n\n  dev   plan 0123456789ab\n one\n two\n three  26s\n"


def test_skipped_lines_and_ids_are_forgiven() -> None:
    assert not mismatch("$ landform plan dev\n…\n  dev   plan ffffffffffff\n…\n three  4s\n", _OUTPUT)


def test_a_line_that_is_not_there_is_named() -> None:
    assert mismatch("$ landform plan dev\n…\n four\n", _OUTPUT) == " four"


def test_lines_out_of_order_are_found() -> None:
    assert mismatch(" two\n…\n one\n", _OUTPUT) == " one"


def test_lines_must_follow_one_another_without_a_skip() -> None:
    assert mismatch(" one\n three  26s\n", _OUTPUT) == " three  <seconds>"
