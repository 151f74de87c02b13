"""How much of the world a test needs: from the files alone to a real account."""

from __future__ import annotations

from enum import IntEnum


class Level(IntEnum):
    """Cheapest first; ``--tf-level`` is the highest that runs."""

    STATIC = 0
    MOCK = 1
    PLAN = 2
    APPLY = 3
    AWS = 4

    def __str__(self) -> str:
        return self.name.lower()


def parse_level(text: object) -> Level:
    """A level by its name. Raises ``ValueError`` with the names there are."""
    if isinstance(text, Level):
        return text
    names = {str(level): level for level in Level}
    if not isinstance(text, str) or text not in names:
        from landform.project.names import did_you_mean

        order = " < ".join(names)
        near = did_you_mean(str(text), names)
        raise ValueError(f"{text!r} is no level. {near} The levels are {order}.")
    return names[text]
