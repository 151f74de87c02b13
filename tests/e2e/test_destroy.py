"""What destroy refuses. That it destroys, in reverse order, is seen with the starter and the shop."""

from __future__ import annotations

import pytest

from e2e.project_kit import ProjectKit
from e2e.terminal import Terminal

pytestmark = pytest.mark.e2e


def test_a_protected_environment_is_refused_even_with_yes(standing: ProjectKit) -> None:
    refused = standing.landform("destroy", "prod", "--sandbox", "--yes", code=3)

    assert "'prod' is protected" in refused.err
    assert "protected: false" in refused.err
    assert "environments/prod/environment.yaml" in refused.err


def test_without_a_terminal_and_without_yes_nothing_is_destroyed(standing: ProjectKit) -> None:
    before = standing.parameters()

    refused = standing.landform("destroy", "dev", "--sandbox", code=3)

    assert "4 to destroy" in refused.out
    assert "no terminal to ask" in refused.err
    assert "--yes" in refused.err
    assert standing.parameters() == before


def test_another_name_than_the_environments_destroys_nothing(standing: ProjectKit) -> None:
    before = standing.parameters()

    with Terminal(standing, "destroy", "dev", "--sandbox") as terminal:
        terminal.wait_for("Type dev to destroy all of this")
        terminal.type("prod\n")
        assert terminal.wait_for_end() == 3, terminal.shown

    assert "dev was not typed; nothing was destroyed" in terminal.shown
    assert standing.parameters() == before


def test_a_stack_that_others_stand_on_is_refused(standing: ProjectKit) -> None:
    refused = standing.landform("destroy", "dev", "--sandbox", "--yes", "--stack", "network", code=3)

    assert "web still stand on network" in refused.err
    assert "--stack network --stack web" in refused.err
