"""Files the user wrote go in; a frozen ``Project`` comes out, or every fault at once with file and line.

Never runs a program and never calls AWS.
"""

from landform.project.loader import load_project
from landform.project.model import (
    Approvals,
    Backend,
    BackendKind,
    Environment,
    Project,
    ProviderAlias,
    Stack,
    Teardown,
    Variable,
)

__all__ = [
    "Approvals",
    "Backend",
    "BackendKind",
    "Environment",
    "Project",
    "ProviderAlias",
    "Stack",
    "Teardown",
    "Variable",
    "load_project",
]
