"""Messages to topics of SNS, which gives them to whoever subscribes: e-mail, queues, chats."""

from __future__ import annotations

from collections.abc import Mapping

from landform.aws.failures import explained
from landform.aws.session import AwsClient

_SUBJECT = 99


def publish(client: AwsClient, arn: str, subject: str, text: str, attributes: Mapping[str, str]) -> None:
    """Send a message to a topic. ``attributes`` are what subscriptions can filter by. Raises LandformError.

    A subject is less than 100 characters of ASCII without control characters:
    https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
    """
    line = "".join(each if each.isascii() and each.isprintable() else "?" for each in subject).strip()
    named = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
    with explained(f"publish to {arn}"):
        client.publish(
            TopicArn=arn, Subject=line[:_SUBJECT] or "landform", Message=text, MessageAttributes=named
        )
