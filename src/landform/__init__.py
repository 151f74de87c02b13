"""landform: plan, review, apply and tear down whole Terraform environments.

The public Python surface is small: ``Project`` reads or builds a project, the rest is the command line.
Names are imported on first use, so ``import landform`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from landform.project import Backend, Environment, Project, Stack

__version__ = "0.1.0"
__all__ = ["Backend", "Environment", "Project", "Stack", "__version__"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from landform import project

        return getattr(project, name)
    message = f"module 'landform' has no attribute {name!r}"
    raise AttributeError(message)
