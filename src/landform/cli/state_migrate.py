"""``landform state migrate``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import (
    HERE,
    EndpointUrl,
    EnvironmentName,
    Json,
    ProjectFolder,
    Sandbox,
    Yes,
    place,
)


def migrate(
    environment: EnvironmentName,
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="PLACE",
            help="Where they were: local, local:DIR or s3://BUCKET/PREFIX?region=REGION.",
        ),
    ],
    folder: ProjectFolder = HERE,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Move the states of an environment from where they were to where landform.yaml has them now.

    Example: landform state migrate dev --from "s3://old-bucket/shop?region=eu-west-1"
    """
    from landform.cli.migrating import migrate_states

    where = place(folder, environment, sandbox, endpoint_url)
    migrate_states(where, source, yes=yes, as_json=as_json)
