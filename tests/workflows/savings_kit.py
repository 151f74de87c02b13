"""Certificates of teardowns, as short as they can be."""

from __future__ import annotations

from landform.review.approval import Person
from landform.review.certificate import Certificate, Destroyed, Savings
from landform.review.cost.model import Money
from landform.review.sweep import Class, Found, Sweep
from landform.workflows.certificates import certify
from landform.workflows.records import Records

ELEVEN_HOURS = Savings(11.0, 0.25, 2.75)
LEFT = Found(
    Class.LEFTOVER, "aws_ebs_volume", "vol-1", "arn:aws:ec2:us-east-1:1:volume/vol-1", "us-east-1",
    how="tags", monthly=Money(8.0, 8.0),
)  # fmt: skip


def night(
    records: Records, started: str, savings: Savings = ELEVEN_HOURS, left: tuple[Found, ...] = ()
) -> Certificate:
    """The certificate of a run that began at a time, kept."""
    run = started.replace("-", "").replace(":", "") + "-a1b2"
    sweep = Sweep("shop", "dev", "123456789012", started, regions=("us-east-1",), found=left)
    destroyed = (Destroyed("net", "module.net.aws_nat_gateway.this", "aws_nat_gateway"),)
    made = Certificate(run, Person(email="ann@example.org"), started, started, sweep, destroyed, savings)
    return certify(records, made)
