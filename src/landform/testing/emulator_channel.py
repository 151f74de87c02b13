"""Messages between the emulator's own processes, with file descriptors where there are any."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping, Sequence
from typing import Any

Message = dict[str, Any]


def send(channel: socket.socket, message: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
    """Send one message, with file descriptors if there are any. Raises OSError when nobody is there."""
    line = json.dumps(message).encode() + b"\n"
    sent = socket.send_fds(channel, [line], list(descriptors)) if descriptors else 0
    channel.sendall(line[sent:])


def receive(channel: socket.socket) -> tuple[Message, list[int]]:
    """The next message and its file descriptors. Raises EOFError when the other side is gone."""
    line = b""
    descriptors: list[int] = []
    while not line.endswith(b"\n"):
        data, found, _, _ = socket.recv_fds(channel, 65536, 4)
        if not data:
            raise EOFError
        line, descriptors = line + data, [*descriptors, *found]
    return json.loads(line), descriptors
