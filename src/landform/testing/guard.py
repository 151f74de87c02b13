"""Between a test and a real AWS account: everything has to agree, or nothing starts.

``--tf-cloud=aws`` on the command line, ``level="aws"`` on the test, the account that STS answers among
``tf_allowed_accounts``, each region among ``tf_allowed_regions``, and limits of cost and time. What agrees is
a ``Permit``; only with one is there access, and only for plans it has checked.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest

from landform.aws.credentials import Access, real_access
from landform.aws.session import caller_account
from landform.errors import LandformError, Refused
from landform.project import Environment
from landform.testing.costs import Estimate, estimate
from landform.testing.ledger import Ledger

RUN_TAG = "landform-run"
EXPIRES_TAG = "landform-expires"
"""Tags that each resource in a real account bears: which run made it, and when nobody needs it any more."""
CASE_MINUTES = 15.0
"""Minutes that a case is booked with before anyone knows."""

_ACCOUNT = re.compile(r"\d{12}")
_DEFAULT_TAG = "TF_AWS_DEFAULT_TAGS_"  # the provider reads these from 5.62 on
# What cannot be undone by a destroy, lets somebody in, or reaches beyond the account.
_FORBIDDEN = re.compile(
    r"aws_(organizations_|account_|controltower_|iam_user|iam_access_key|iam_account_|ssoadmin_|identitystore_"
    r"|route53domains_|savingsplans_|shield_|glacier_vault_lock|backup_vault_lock|ec2_capacity_reservation"
    r"|s3_bucket_object_lock|s3_account_|servicequotas_|ram_|dx_|support_)"
)
_OTHER_IDENTITY = ("assume_role", "assume_role_with_web_identity", "profile", "access_key", "secret_key",
                   "token", "shared_config_files", "shared_credentials_files", "endpoints")  # fmt: skip


class RealCase(Protocol):
    """What has to be known of a test that asks for a real account."""

    @property
    def level(self) -> object:
        """Its level; ``str()`` of it is ``aws``."""

    @property
    def region(self) -> str:
        """The region it starts in."""

    @property
    def shown(self) -> str:
        """How it is called, for people."""


@dataclass(frozen=True, slots=True)
class RealAwsSettings:
    """What the command line and the configuration say about real accounts. ``ledger`` is one file a run."""

    run: str
    ledger: Path
    cloud: str = "emulator"
    allowed_accounts: tuple[str, ...] = ()
    allowed_regions: tuple[str, ...] = ()
    max_usd: float | None = None
    max_minutes: float | None = None


def read_real_aws(config: pytest.Config, run: str, ledger: Path) -> RealAwsSettings:
    """The settings of this run."""
    return RealAwsSettings(
        run=run,
        ledger=ledger,
        cloud=config.getoption("--tf-cloud"),
        allowed_accounts=tuple(map(str, config.getini("tf_allowed_accounts"))),
        allowed_regions=tuple(map(str, config.getini("tf_allowed_regions"))),
        max_usd=config.getoption("--tf-max-usd"),
        max_minutes=config.getoption("--tf-max-minutes"),
    )


@dataclass(frozen=True, slots=True)
class Permit:
    """The permission to use one account. Only ``check_real_aws`` gives it."""

    account_id: str
    settings: RealAwsSettings
    expires: datetime

    @property
    def ledger(self) -> Ledger:
        """Where the costs of all workers are booked."""
        return Ledger(self.settings.ledger, self.settings.max_usd or 0.0, self.settings.max_minutes or 0.0)

    @property
    def tags(self) -> Mapping[str, str]:
        """What every resource has to bear."""
        moment = self.expires.isoformat(timespec="seconds").replace("+00:00", "Z")
        return {RUN_TAG: self.settings.run, EXPIRES_TAG: moment}

    def access(self, region: str, environ: Mapping[str, str] | None = None) -> Access:
        """Access to the account in ``region``; the tags are the provider's defaults. Raises ``Refused``."""
        self._check_region(region, "the test")
        real = real_access(os.environ if environ is None else environ, Environment("test", region))
        own = {name: value for name, value in real.env.items() if not name.startswith(_DEFAULT_TAG)}
        tags = {f"{_DEFAULT_TAG}{name}": value for name, value in self.tags.items()}
        return replace(real, env={**own, **tags})

    def approve(self, case: str, document: Mapping[str, Any], minutes: float = CASE_MINUTES) -> Estimate:
        """Check a plan (Terraform's JSON) and book its cost. Raises ``Refused``; nothing is booked then."""
        faults = [*_forbidden(document), *_untagged(document, self.tags), *self._strange_providers(document)]
        if faults:
            raise Refused(f"{case} may not be applied to account {self.account_id}: {'; '.join(faults)}")
        found = estimate(document, minutes)
        self.ledger.charge(case, found.usd, minutes)
        return found

    def _strange_providers(self, document: Mapping[str, Any]) -> list[str]:
        faults = []
        for name, block in document.get("configuration", {}).get("provider_config", {}).items():
            if not str(block.get("full_name", "aws")).endswith("aws"):
                continue
            given = block.get("expressions", {})
            faults += [f"provider {name} sets {key}" for key in _OTHER_IDENTITY if given.get(key)]
            is_root = not block.get("module_address")
            region = _value(given.get("region"), document if is_root else {})
            if region is not None and region not in self.settings.allowed_regions:
                faults.append(f"provider {name} is in {region or 'a region that is not known before apply'}")
        return faults

    def _check_region(self, region: str, who: str) -> None:
        if region not in self.settings.allowed_regions:
            allowed = ", ".join(self.settings.allowed_regions)
            raise Refused(f"{who} is in {region}, tf_allowed_regions has {allowed}")


def check_real_aws(
    settings: RealAwsSettings, cases: Sequence[RealCase], access: Access | None = None
) -> Permit | None:
    """The permit for those of ``cases`` that are of level ``aws``; None where none is.

    Starts no process: it asks STS, once everything else agrees, with ``access`` or this shell's credentials.
    Raises ``pytest.UsageError`` that lists all that is missing.
    """
    real = [case for case in cases if str(case.level) == "aws"]
    if not real:
        return None
    faults = [*_setting_faults(settings), *_region_faults(settings, real)]
    if faults:
        raise pytest.UsageError("\n".join([f"{len(real)} tests of level aws, but:", *faults]))
    try:
        account = caller_account(
            access or real_access(os.environ, Environment("test", settings.allowed_regions[0]))
        )
    except LandformError as error:
        raise pytest.UsageError(f"{len(real)} tests of level aws, but {error} {error.way_out}") from error
    if account not in settings.allowed_accounts:
        allowed = ", ".join(settings.allowed_accounts)
        raise pytest.UsageError(
            f"these credentials are of account {account}, tf_allowed_accounts has {allowed}: nothing started"
        )
    lifetime = timedelta(minutes=(settings.max_minutes or 0.0) + 60)
    return Permit(account, settings, datetime.now(UTC) + lifetime)


def _setting_faults(settings: RealAwsSettings) -> list[str]:
    faults = [] if settings.cloud == "aws" else ["--tf-cloud=aws is not given"]
    if not settings.allowed_accounts:
        faults.append("tf_allowed_accounts lists no account")
    strange = [one for one in settings.allowed_accounts if not _ACCOUNT.fullmatch(one)]
    faults += [f"tf_allowed_accounts has {one!r}, which is no account id" for one in strange]
    if not settings.allowed_regions:
        faults.append("tf_allowed_regions lists no region")
    for name, value in (("--tf-max-usd", settings.max_usd), ("--tf-max-minutes", settings.max_minutes)):
        if value is None or not 0 < value < float("inf"):
            faults.append(f"{name} is not given" if value is None else f"{name}={value:g} is no limit")
    return faults


def _region_faults(settings: RealAwsSettings, cases: Sequence[RealCase]) -> list[str]:
    wrong = (
        case for case in cases if settings.allowed_regions and case.region not in settings.allowed_regions
    )
    return [f"{case.shown} is in {case.region}, which is not in tf_allowed_regions" for case in wrong]


def _forbidden(document: Mapping[str, Any]) -> list[str]:
    faults = []
    for change in document.get("resource_changes", ()):
        address, actions = change["address"], change["change"]["actions"]
        if change.get("mode") != "managed" or actions == ["no-op"]:
            continue
        if _FORBIDDEN.match(str(change["type"])):
            faults.append(f"{address} is of a kind no test may make")
        if change["change"].get("importing"):
            faults.append(f"{address} would be imported, and destroyed after the test")
    return faults


def _untagged(document: Mapping[str, Any], tags: Mapping[str, str]) -> list[str]:
    """What could bear the tags but would not, so that nobody would find it again."""
    missing = []
    for change in document.get("resource_changes", ()):
        after = change["change"].get("after") or {}
        if "tags_all" not in after or "create" not in change["change"]["actions"]:
            continue
        borne = after["tags_all"] or {}
        if any(borne.get(name) != value for name, value in tags.items()):
            missing.append(str(change["address"]))
    unsure = (
        f"{', '.join(missing[:5])} would not bear the tags {', '.join(tags)} (AWS provider 5.62 or later?)"
    )
    return [unsure] if missing else []


def _value(expression: Any, document: Mapping[str, Any]) -> str | None:
    """A provider argument's value: None where it is not given, "" where it cannot be told."""
    if not expression:
        return None
    if "constant_value" in expression:
        return str(expression["constant_value"])
    references = expression.get("references", [])
    if len(references) == 1 and references[0].startswith("var."):
        return str(document.get("variables", {}).get(references[0][4:], {}).get("value") or "")
    return ""
