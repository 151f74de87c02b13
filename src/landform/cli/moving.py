"""The dialogue of ``promote`` and ``rollback``: what differs, then the plan of it like any other."""

from __future__ import annotations

from landform.cli.changing import Change, change_environment
from landform.cli.views.releases import show_move
from landform.cli.views.review import show_review
from landform.cli.watching import watch_planning
from landform.errors import ExitCode
from landform.workflows.place import Place
from landform.workflows.promotion import Move, going_back, promotion
from landform.workflows.reviewing import ReviewRequest, prepared, review_environment


def promote_release(source: Place, target: Place, wanted: Change, *, dry_run: bool) -> ExitCode:
    """Look at the source, show what differs, then change the target; or only plan it."""
    with watch_planning(source, wanted.verbose, wanted.as_json, wanted.no_color) as on_event:
        move = promotion(source, target, on_event)
    return _carry_out(move, wanted, dry_run)


def roll_back(place: Place, release: str, wanted: Change, *, dry_run: bool) -> ExitCode:
    """Show what differs, then bring the earlier release back; or only plan it."""
    return _carry_out(going_back(place, release), wanted, dry_run)


def _carry_out(move: Move, wanted: Change, dry_run: bool) -> ExitCode:
    if not wanted.as_json:
        show_move(move, diff=wanted.diff, no_color=wanted.no_color)
    if not dry_run:
        return change_environment(move.place, wanted)
    where = move.place
    with prepared(where) as ready, watch_planning(where, wanted.verbose, wanted.as_json) as on_event:
        review = review_environment(ready, ReviewRequest(on_event=on_event)).review
    show_review(review, as_json=wanted.as_json, diff=wanted.diff, no_color=wanted.no_color)
    return ExitCode.CHANGES if review.has_changes else ExitCode.DONE
