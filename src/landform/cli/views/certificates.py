"""A certificate on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from landform.cli.views import phrases
from landform.cli.views.sweeps import sweep_text
from landform.cli.views.visible import visible
from landform.review.certificate import Certificate, Savings

_TYPES = 8


def certificate_text(certificate: Certificate) -> str:
    """Who, when, what was destroyed, what it saves, its digest; then the sweep."""
    head = f"Certificate of {certificate.run}"
    lines = [head, *(f"  {name:<11}{text}" for name, text in _rows(certificate))]
    return "".join(f"{visible(line)}\n" for line in lines) + sweep_text(certificate.sweep)


def _rows(certificate: Certificate) -> Iterator[tuple[str, str]]:
    yield "by", certificate.by.shown
    yield "time", f"{certificate.started} to {certificate.ended}"
    types = phrases.named([f"{number} {kind}" for kind, number in certificate.counts.items()], _TYPES)
    number = phrases.plural(len(certificate.destroyed), "object")
    yield "destroyed", f"{number}: {types}" if types else number
    if saved := saved_words(certificate.savings):
        yield "savings", saved
    yield "sha256", certificate.digest


def saved_words(saved: Savings) -> str:
    """``$2.75 saved, 11 hours off, $0.2500 an hour``, as far as it is known; else an empty string."""
    parts = (
        f"${saved.usd:,.2f} saved" if saved.usd is not None else "",
        f"{saved.hours:g} hours off" if saved.hours is not None else "",
        f"${saved.hourly_usd:,.4f} an hour" if saved.hourly_usd is not None else "",
    )
    return ", ".join(filter(None, parts))
