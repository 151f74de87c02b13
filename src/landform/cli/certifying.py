"""Which certificate ``teardown certificate`` shows, and in which format."""

from __future__ import annotations

from pathlib import Path

from landform.cli.sweep_formats import SweepFormat
from landform.errors import LandformError
from landform.review.certificate import Certificate, to_document
from landform.workflows.certificates import certificate_of, check_certificate, newest_certificate
from landform.workflows.place import Place
from landform.workflows.records import records_of


def chosen(place: Place, run: str, file: Path | None) -> Certificate:
    """That of a file, once it is found to be the one that is kept; that of a run; or the newest."""
    records = records_of(place)
    if file is not None:
        if run:
            raise LandformError("a file says itself which run it is of", "Leave RUN out with --verify.")
        return check_certificate(records, _content(file))
    return certificate_of(records, run) if run else newest_certificate(records)


def rendered(place: Place, certificate: Certificate, wanted: SweepFormat) -> str:
    """The certificate in a format; the page has the nights until then, too."""
    match wanted:
        case SweepFormat.MARKDOWN:
            from landform.cli.views.sweep_markdown import certificate_markdown

            return certificate_markdown(certificate)
        case SweepFormat.HTML:
            from landform.cli.views.sweep_html import certificate_html
            from landform.workflows.savings import nights_until

            return certificate_html(certificate, nights_until(place, certificate))
        case SweepFormat.JSON:
            from landform.cli.views.console import json_text

            return json_text(to_document(certificate))
        case SweepFormat.TEXT:
            from landform.cli.views.certificates import certificate_text

            return certificate_text(certificate)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise LandformError(f"{file} can't be read: {why}", "Name another file with --verify.") from error
