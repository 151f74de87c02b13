"""A sweep and a certificate as an HTML page: nothing in it is run or loaded, and everything is escaped."""

from __future__ import annotations

from collections.abc import Sequence

from landform.cli.views import sweeps
from landform.cli.views.html import page_environment
from landform.cli.views.savings_chart import SavingsChart, savings_chart
from landform.cli.views.visible import visible_parts
from landform.review.certificate import Certificate
from landform.review.sweep import Class, Found, Sweep
from landform.workflows.savings import Night

_SHOWN = 2_000
_CHIPS = {
    Class.LEFTOVER: "deny", Class.NOT_LOOKED_AT: "unknown", Class.PENDING: "warn", Class.RETAINED: "pass",
    Class.GONE: "pass",
}  # fmt: skip


def sweep_html(sweep: Sweep) -> str:
    """The sweep by itself."""
    return _page(visible_parts(sweep), None)


def certificate_html(certificate: Certificate, nights: Sequence[Night] = ()) -> str:
    """The whole certificate, with a chart of what ``nights`` have saved."""
    shown: Certificate = visible_parts(certificate)
    return _page(shown.sweep, shown, savings_chart(nights))


def _page(sweep: Sweep, certificate: Certificate | None, chart: SavingsChart | None = None) -> str:
    parts = [(each, _CHIPS[each], _of(sweep, each)) for each in Class]
    return (
        page_environment()
        .get_template("certificate.html.j2")
        .render(
            sweep=sweep,
            certificate=certificate,
            chart=chart,
            parts=[part for part in parts if part[2]],
            says=sweeps,
            caveats=list(sweeps.caveats(sweep)),
            SHOWN=_SHOWN,
        )
    )


def _of(sweep: Sweep, standing: Class) -> tuple[Found, ...]:
    return sweep.leftovers if standing is Class.LEFTOVER else sweep.of(standing)
