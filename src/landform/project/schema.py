"""The shape of ``landform.yaml`` and ``environment.yaml``, checked by pydantic at the border."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from landform.project.durations import seconds_of
from landform.project.roles import SESSION_NAME, duration_fault, external_id_fault, session_name_fault
from landform.project.schedules import cron_fault, timezone_fault
from landform.project.sweep_rules import pattern_fault, reason_fault
from landform.project.teardown import Remedies
from landform.project.times import date_fault, instant_fault, url_fault, webhook_fault


def _account_id(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        message = 'put the account id in quotes ("012345678901"), YAML reads it as a number'
        raise ValueError(message)  # noqa: TRY004 - pydantic takes ValueError
    if isinstance(value, str) and not re.fullmatch(r"\d{12}", value):
        message = "an AWS account id has 12 digits"
        raise ValueError(message)
    return value


def _checked_by(fault_of: Callable[[str], str]) -> Callable[[str], str]:
    """A validator out of a function that says what is wrong with a text."""

    def check(text: str) -> str:
        if fault := fault_of(text):
            raise ValueError(fault)
        return text

    return check


def _duration(text: str) -> str:
    seconds_of(text)
    return text


def _text(value: object) -> object:
    """Tags are text to AWS; YAML's numbers and booleans are taken as they read."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


AccountId = Annotated[str, BeforeValidator(_account_id)]
Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$")]
RoleArn = Annotated[str, StringConstraints(pattern=r"^arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]+$")]
Bucket = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.{}_-]{3,120}$")]
KmsKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9:/_-]+$")]
TagValue = Annotated[str, BeforeValidator(_text)]
Cron = Annotated[str, AfterValidator(_checked_by(cron_fault))]
Duration = Annotated[str, AfterValidator(_duration)]
Timezone = Annotated[str, AfterValidator(_checked_by(timezone_fault))]


class Strict(BaseModel):
    """Unknown keys are faults."""

    model_config = ConfigDict(extra="forbid")


class S3File(Strict):
    """``backend: {s3: …}``."""

    bucket: Bucket
    region: Region | None = None
    key_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._/-]*$")] = ""
    kms_key_id: KmsKey | None = None
    dynamodb_table: str | None = None
    use_lockfile: bool = True


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


def _regex(value: object) -> object:
    try:
        re.compile(value if isinstance(value, str) else "")
    except re.error as error:
        message = f"{value!r} is no regular expression: {error}"
        raise ValueError(message) from error
    return value


class TagFile(Strict):
    """One entry of ``required_tags:``."""

    values: list[TagValue] = Field(default_factory=list)
    matches: Annotated[str, BeforeValidator(_regex)] = ""


def _tags(value: object) -> object:
    """A list of names is short for a map; a name with nothing after it takes any value."""
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return {name: {} for name in value}
    return (
        {key: {} if tag is None else tag for key, tag in value.items()} if isinstance(value, dict) else value
    )


Patterns = Annotated[list[Annotated[str, StringConstraints(pattern=r"^[\w.*-]+$")]], Field(min_length=1)]
Threshold = Literal["low", "medium", "high", "critical", "never"]


class PolicyFile(Strict):
    """``policy:`` of the project, and of an environment."""

    required_tags: Annotated[dict[str, TagFile], BeforeValidator(_tags)] = Field(default_factory=dict)
    allowed_regions: Patterns = Field(default_factory=list)
    allowed_instance_types: Patterns = Field(default_factory=list)
    deny_at: Threshold = "never"
    warn_at: Threshold = "never"
    on_unknown: Literal["deny", "warn"] = "deny"


class ProjectFile(Strict):
    """``landform.yaml``."""

    project: str
    terraform: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.,<>=!~ +-]+$")] = ">= 1.10, < 2"
    backend: Literal["local"] | BackendFile = "local"
    variables: dict[str, VariableFile] = Field(default_factory=dict)
    policy: PolicyFile = Field(default_factory=PolicyFile)
    stacks: dict[str, StackFile]


class ApprovalsFile(Strict):
    """``approvals:`` of an environment."""

    required: Annotated[int, Field(ge=0)] = 0
    approvers: list[Annotated[str, StringConstraints(min_length=1)]] = Field(default_factory=list)
    expire_after: Duration = "24h"
    critical: Annotated[int, Field(ge=0)] | None = None
    signed: bool = False
    planner_may_approve: bool = False


class BudgetFile(Strict):
    """``budget:`` of an environment, in US dollars."""

    monthly_usd: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    warn_at_percent: Annotated[float, Field(gt=0, le=100)] = 80.0


_TOPIC = r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+(\.fifo)?$"


class NotifyFile(Strict):
    """One receiver of ``notify:``; which of the keys it has is checked with the project."""

    sns: Annotated[str, StringConstraints(pattern=_TOPIC)] = ""
    webhook: Annotated[str, AfterValidator(_checked_by(webhook_fault))] = ""
    webhook_env: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] = ""


class TeardownFile(Strict):
    """``teardown:`` of an environment."""

    schedule: Cron | None = None
    timezone: Timezone = "UTC"
    rebuild: Cron | None = None
    grace: Duration | None = None
    max_late: Duration = "3h"
    holidays: list[Annotated[str, AfterValidator(_checked_by(date_fault))]] = Field(default_factory=list)
    max_changes: Annotated[int, Field(ge=1, strict=True)] | None = None
    notify: list[NotifyFile] = Field(default_factory=list)
    remedies: Remedies | None = None
    health: list[Annotated[str, AfterValidator(_checked_by(url_fault))]] = Field(default_factory=list)


class KeepFile(Strict):
    """One entry of ``sweep: {keep: …}``."""

    pattern: Annotated[str, AfterValidator(_checked_by(pattern_fault))]
    reason: Annotated[str, AfterValidator(_checked_by(reason_fault))]


class SweepFile(Strict):
    """``sweep:`` of an environment."""

    keep: list[KeepFile] = Field(default_factory=list)


class AssumeRoleFile(Strict):
    """``assume_role:`` of an environment."""

    external_id: Annotated[str, AfterValidator(_checked_by(external_id_fault))] | None = None
    session_name: Annotated[str, AfterValidator(_checked_by(session_name_fault))] = SESSION_NAME
    duration: Annotated[str, AfterValidator(_checked_by(duration_fault))] | None = None


class BackendOverrideFile(Strict):
    """``backend:`` of an environment: what is different there from ``landform.yaml``."""

    bucket: Bucket | None = None
    region: Region | None = None
    kms_key_id: KmsKey | None = None
    dynamodb_table: str | None = None


class EnvironmentFile(Strict):
    """``environment.yaml``."""

    region: Region
    account_id: AccountId | None = None
    assume_role_arn: RoleArn | None = None
    plan_role_arn: RoleArn | None = None
    assume_role: AssumeRoleFile | None = None
    profile: Annotated[str, StringConstraints(pattern=r"^[^\s\[\]\x00-\x1f\x7f]{1,256}$")] | None = None
    promotes_from: str | None = None
    soak: Duration | None = None
    protected: bool = False
    ephemeral: bool = False
    sandbox: bool = False
    backend: BackendOverrideFile = Field(default_factory=BackendOverrideFile)
    approvals: ApprovalsFile = Field(default_factory=ApprovalsFile)
    policy: PolicyFile = Field(default_factory=PolicyFile)
    budget: BudgetFile | None = None
    teardown: TeardownFile | None = None
    expires_at: Annotated[str, AfterValidator(_checked_by(instant_fault))] | None = None
    sweep: SweepFile = Field(default_factory=SweepFile)
    tags: dict[str, TagValue] = Field(default_factory=dict)
