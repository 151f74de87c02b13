"""The shape of ``landform.yaml`` and ``environment.yaml``, checked by pydantic at the border."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


def _account_id(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        message = 'put the account id in quotes ("012345678901"), YAML reads it as a number'
        raise ValueError(message)  # noqa: TRY004 - pydantic takes ValueError
    if isinstance(value, str) and not re.fullmatch(r"\d{12}", value):
        message = "an AWS account id has 12 digits"
        raise ValueError(message)
    return value


def _text(value: object) -> object:
    """Tags are text to AWS; YAML's numbers and booleans are taken as they read."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


AccountId = Annotated[str, BeforeValidator(_account_id)]
Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$")]
RoleArn = Annotated[str, StringConstraints(pattern=r"^arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]+$")]
TagValue = Annotated[str, BeforeValidator(_text)]
Cron = Annotated[str, StringConstraints(min_length=9)]


class Strict(BaseModel):
    """Unknown keys are faults."""

    model_config = ConfigDict(extra="forbid")


class S3File(Strict):
    """``backend: {s3: …}``."""

    bucket: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.{}_-]{3,120}$")]
    region: Region | None = None
    key_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._/-]*$")] = ""
    kms_key_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9:/_-]+$")] | None = None


class BackendFile(Strict):
    """The long form of ``backend:``."""

    s3: S3File


class ProviderFile(Strict):
    """One alias of a stack's ``providers:``."""

    region: str


class StackFile(Strict):
    """One stack."""

    module: Annotated[str, StringConstraints(min_length=1, pattern=r"^[\x21-\x7e]+$")]
    version: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.,<>=!~ +-]+$")] | None = None
    inputs: dict[str, Any] = Field(default_factory=dict)
    depends_on: list[str] = Field(default_factory=list)
    providers: dict[str, ProviderFile] = Field(default_factory=dict)
    teardown: bool = False


class VariableFile(Strict):
    """One entry of ``variables:``."""

    type: str = "any"
    description: str = ""
    sensitive: bool = False
    default: Any = None


class ProjectFile(Strict):
    """``landform.yaml``."""

    project: str
    terraform: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.,<>=!~ +-]+$")] = ">= 1.10, < 2"
    backend: Literal["local"] | BackendFile = "local"
    variables: dict[str, VariableFile] = Field(default_factory=dict)
    stacks: dict[str, StackFile]


class ApprovalsFile(Strict):
    """``approvals:`` of an environment."""

    required: Annotated[int, Field(ge=0)] = 0
    approvers: list[str] = Field(default_factory=list)
    expire_after: Annotated[str, StringConstraints(pattern=r"^\d+[mhd]$")] = "24h"
    signed: bool = False


class BudgetFile(Strict):
    """``budget:`` of an environment, in US dollars."""

    monthly_usd: Annotated[float, Field(gt=0)]


class TeardownFile(Strict):
    """``teardown:`` of an environment."""

    schedule: Cron
    timezone: str = "UTC"
    rebuild: Cron | None = None


class EnvironmentFile(Strict):
    """``environment.yaml``."""

    region: Region
    account_id: AccountId | None = None
    assume_role_arn: RoleArn | None = None
    promotes_from: str | None = None
    protected: bool = False
    ephemeral: bool = False
    sandbox: bool = False
    approvals: ApprovalsFile = Field(default_factory=ApprovalsFile)
    budget: BudgetFile | None = None
    teardown: TeardownFile | None = None
    tags: dict[str, TagValue] = Field(default_factory=dict)
