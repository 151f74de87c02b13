"""Keeps the last reviews of a project, redacted as they are shown, to show them again."""

from __future__ import annotations

import json
from pathlib import Path

from landform.errors import LandformError
from landform.generator.files import write_text
from landform.project import load_project
from landform.review import Review
from landform.review.document import from_document, to_document
from landform.workflows.place import WORK

_KEPT = 50


def save_review(project_folder: Path, review: Review) -> Path:
    """Keep a review; the oldest go when there are more than 50."""
    folder = project_folder / WORK / "plans"
    stamp = "".join(character for character in review.created if character.isdigit())
    path = folder / f"{stamp}-{review.environment}-{review.digest[:12]}.json"
    write_text(path, json.dumps(to_document(review), ensure_ascii=False), mode=0o600)
    for old in sorted(folder.glob("*.json"))[:-_KEPT]:
        old.unlink(missing_ok=True)
    return path


def find_review(folder: Path, which: str) -> Review:
    """The last review: of all, of an environment, or of the plan whose digest starts so."""
    project = load_project(folder)
    saved = sorted((project.folder / WORK / "plans").glob("*.json"), reverse=True)
    for path in saved:
        _, _, rest = path.stem.partition("-")
        environment, _, digest = rest.rpartition("-")
        if which in ("", environment) or (len(which) >= 4 and digest.startswith(which[:12])):
            return from_document(json.loads(path.read_text(encoding="utf-8")))
    if which:
        raise LandformError(f"no saved plan of {which!r}", "Make one with: landform plan ENV")
    raise LandformError("no saved plan yet", "Make one with: landform plan ENV")
