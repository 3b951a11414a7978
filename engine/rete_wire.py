"""What is said between the second opinion and its child process, and how either end knows that it came
whole.

A message is one line: a keyed digest, a blank, and JSON.  The key goes to the child when it is started
and never over the wire.  Each request has a nonce, which its answer repeats beside the digest of the
request as it was received; so what was altered, cut off, dropped, repeated or exchanged on its way, in
either direction, is noticed.  Run in the child too: nothing but the standard library.
"""

from __future__ import annotations

import hashlib
import json

VERSION = 1
"""Of what is said at the wire; both ends must be of one."""
LONGEST = 1 << 26
"""The most bytes in one message."""
PARTS = ("bound", "when", "unless", "met", "granted")
"""The parts of a rule in the order in which a case gives them, and in which its comparisons are counted;
its permissions follow, each with the first three."""
JUDGED = ("prohibits", "requires", "weighs")
"""The kinds of rules that give a verdict; of the others it is asked whether they hold."""


def digest(data: bytes, key: bytes) -> str:
    """The keyed digest of a message."""
    return hashlib.blake2b(data, key=key, digest_size=16).hexdigest()


def signed(message: dict[str, object], key: bytes) -> bytes:
    """The line that carries a message."""
    data = json.dumps({"version": VERSION, **message}, separators=(",", ":")).encode()
    return digest(data, key).encode() + b" " + data + b"\n"


def opened(line: bytes, key: bytes) -> dict[str, object]:
    """The message of a line.  Raises ValueError if it is not whole, not one, or of another version."""
    if not line:
        raise ValueError("there is none")
    if b"\n" not in line:
        raise ValueError("it is cut off")
    if not line.endswith(b"\n") or line.count(b"\n") > 1:
        raise ValueError("there is more than was asked for")
    claimed, _, data = line[:-1].partition(b" ")
    if claimed != digest(data, key).encode():
        raise ValueError("it is not what was sent")
    message = json.loads(data)
    if not isinstance(message, dict) or message.get("version") != VERSION:
        raise ValueError(f"it is not of version {VERSION}")
    return message
