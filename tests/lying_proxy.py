"""A liar at the wire: run between the second opinion and its child, it does to what passes what its first
argument says.  The rest is the command of the child; the last word of that is the key, so that this liar
can also sign what it makes up.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from typing import Any


def signed(message: dict[str, Any]) -> bytes:
    """A message as the other end would sign it."""
    data = json.dumps(message, separators=(",", ":")).encode()
    return hashlib.blake2b(data, key=KEY, digest_size=16).hexdigest().encode() + b" " + data + b"\n"


def body(line: bytes) -> dict[str, Any]:
    """The message of a line."""
    found: dict[str, Any] = json.loads(line.partition(b" ")[2])
    return found


def to_child(line: bytes, lie: str) -> bytes:
    """What the child gets."""
    message = body(line)
    match lie:
        case "request altered":
            return line.replace(b'"T"', b'"F"', 1)
        case "request altered and signed":
            message["cases"][0]["parts"][0] = "F"
        case "request altered, signed, and its digest put right":
            for case in message["cases"]:
                case["parts"][0] = "F"
        case "request cut off":
            return line[: len(line) // 2]
        case "request repeated":
            return line + line
        case "request without its last case":
            message["cases"].pop()
        case "request without its last case, counted again":
            message["cases"].pop()
            message["count"] -= 1
        case "request in another order":
            message["cases"].reverse()
        case "request with another nonce":
            message["nonce"] = "00"
        case "request of another version":
            message["version"] += 1
        case "request that is garbage":
            return b"\x00\xff not a message\n"
        case "request dropped":
            return b""
        case _:
            return line
    return signed(message)


def to_parent(line: bytes, lie: str, request: bytes) -> bytes:
    """What the parent gets."""
    message = body(line)
    answers = message.get("answers", [])
    match lie:
        case "answer altered":
            return line.replace(b'"not_crossed"', b'"authorised"', 1)
        case "answer altered and signed":
            for answer in answers:
                answer["verdicts"] = [
                    "authorised" if answer["verdicts"][0] not in ("holds", "fails") else "holds"
                ]
        case "answer with no verdict":
            answers[0]["verdicts"] = []
        case "answer with a verdict that there is not":
            answers[0]["verdicts"] = ["fine"]
        case "answer hanging on a comparison that there is not":
            for answer in answers:
                answer["undecided"] = [10**9]
        case "answer undetermined":
            answers[0]["verdicts"] = ["undetermined"]
        case "answer cut off":
            return line[:-20]
        case "answer without its last case":
            answers.pop()
        case "answer with a case twice":
            answers.append(answers[0])
        case "answer in another order":
            answers.reverse()
        case "answer with keys exchanged":
            answers[0]["key"], answers[-1]["key"] = answers[-1]["key"], answers[0]["key"]
        case "answer with another nonce":
            message["nonce"] = "00"
        case "answer to another request":
            message["request"] = "00" * 16
        case "answer of another version":
            message["version"] += 1
        case "answer without answers":
            del message["answers"]
        case "answer that is no object":
            return signed([])  # type: ignore[arg-type]  # as a liar would
        case "answer nested without end":
            data = b"[" * 100_000
            return hashlib.blake2b(data, key=KEY, digest_size=16).hexdigest().encode() + b" " + data + b"\n"
        case "answer repeated":
            return line + line
        case "answer with more after it":
            return line + b"and one thing more"
        case "answer that is garbage":
            return b"\x00\xff not a message\n"
        case "request altered, signed, and its digest put right":
            message["request"] = hashlib.blake2b(request, key=KEY, digest_size=16).hexdigest()
        case _:
            return line
    return signed(message)


def main(lie: str, command: list[str]) -> None:
    """Pass everything on, with the lie."""
    match lie:
        case "dies at once":
            sys.exit(7)
        case "hangs at once":
            time.sleep(600)
        case "closes its output":
            os.close(1)
            time.sleep(600)
        case "closes its input":
            os.close(0)
            time.sleep(600)
        case "says nothing and ends well":
            sys.stdin.buffer.readline()
            sys.exit(0)
        case "talks without end":
            while True:
                os.write(1, b"x" * 65536)
        case "complains without end":
            while True:
                os.write(2, b"x" * 65536)
        case _:
            pass
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        last = b""
        while line := sys.stdin.buffer.readline():
            if lie == "child killed":
                child.kill()
                sys.exit(child.wait())
            child.stdin.write(to_child(line, lie))
            child.stdin.flush()
            if lie in ("request cut off", "request dropped"):
                child.stdin.close()
            answer = child.stdout.readline()
            if not answer:
                sys.exit(child.wait())
            if lie == "answer to the request before" and last:
                answer, last = last, answer
            last = last or answer
            os.write(1, to_parent(answer, lie, line))
            if lie == "answer cut off":
                sys.exit(0)
            if lie == "hangs after the answer":
                time.sleep(600)
        child.stdin.close()
        rest = child.stdout.read()
        if lie == "request repeated":
            os.write(1, rest)
        if lie == "ends badly after the answer":
            sys.exit(9)


KEY = bytes.fromhex(sys.argv[-1]) if __name__ == "__main__" else b""
if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
