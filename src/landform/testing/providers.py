"""Which commands may share one provider process, and the processes that they share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from landform.aws.credentials import Access
from landform.engine import Terraform
from landform.testing.one_provider import read_aws_configuration
from landform.testing.reattach import ReattachedProvider, check_regions


@dataclass(slots=True)
class Providers:
    """One provider process for each emulator that commands talk to; none where ``enabled`` is false."""

    folder: Path
    enabled: bool = True
    _running: dict[str, ReattachedProvider] = field(default_factory=dict)
    _allowed: dict[Path, bool] = field(default_factory=dict)

    def attached(self, terraform: Terraform, access: Access) -> Terraform:
        """``terraform`` for its next command: with a provider that runs already, where that is safe."""
        if not self._may(terraform, access):
            return terraform
        found = self._provider(access).environment(terraform.data_dir, access)
        return replace(terraform, env={**terraform.env, **found})

    def check(self, terraform: Terraform, access: Access, state: bytes) -> None:
        """After an apply with a shared provider: all of it is in its region. Raises ``Refused``."""
        if self._may(terraform, access) and state:
            region = read_aws_configuration(terraform.folder, terraform.data_dir).region
            document: Mapping[str, object] = json.loads(state)
            check_regions(document, access.region if region == "" else region)

    def stop(self) -> None:
        """End them all."""
        for provider in self._running.values():
            provider.stop()
        self._running.clear()

    def _may(self, terraform: Terraform, access: Access) -> bool:
        root = terraform.folder
        if not self.enabled or not _has_aws(terraform):
            return False
        if root not in self._allowed:
            doubt = self._provider(access).why_not(root, terraform.data_dir, access)
            self._allowed[root] = not doubt
        return self._allowed[root]

    def _provider(self, access: Access) -> ReattachedProvider:
        key = str(access.endpoint_url)
        if key not in self._running:
            self._running[key] = ReattachedProvider(self.folder / f"provider{len(self._running)}")
        return self._running[key]


def _has_aws(terraform: Terraform) -> bool:
    """Whether ``init`` chose an AWS provider for this root."""
    installed = (terraform.data_dir or terraform.folder / ".terraform") / "providers"
    return any(installed.glob("*/hashicorp/aws"))
