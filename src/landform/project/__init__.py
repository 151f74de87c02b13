"""Files the user wrote go in; a frozen ``Project`` comes out, or every fault at once with file and line.

Never runs a program and never calls AWS.
"""

from landform.project.loader import load_project, load_standing
from landform.project.model import (
    ApprovalRules,
    Backend,
    BackendKind,
    BackendOverride,
    Budget,
    Environment,
    Project,
    ProviderAlias,
    Stack,
    Variable,
)
from landform.project.policy_rules import PolicyRules, RequiredTag
from landform.project.roles import AssumeRole, Purpose
from landform.project.sweep_rules import Keep, SweepRules
from landform.project.teardown import Notify, Remedies, Teardown

__all__ = [
    "ApprovalRules",
    "AssumeRole",
    "Backend",
    "BackendKind",
    "BackendOverride",
    "Budget",
    "Environment",
    "Keep",
    "Notify",
    "PolicyRules",
    "Project",
    "ProviderAlias",
    "Purpose",
    "Remedies",
    "RequiredTag",
    "Stack",
    "SweepRules",
    "Teardown",
    "Variable",
    "load_project",
    "load_standing",
]
