"""The child process of the second opinion: started, asked, ended; and whatever goes wrong with it.

It is the same Python, isolated, with this package's files and durable_rules found by their folders: so
it needs no installed package, no link and no environment, and starts in a few milliseconds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from redline.engine.rete_wire import LONGEST, digest, opened, signed
from redline.rules.frozen import dataclass

T = TypeVar("T")
MODULE = "durable_rules_engine"
_START = """
import sys, types
_, package, library, key = sys.argv
for name in ("redline", "redline.engine"):
    sys.modules[name] = module = types.ModuleType(name)
    module.__path__ = [package]
sys.path.append(library)
from redline.engine.rete_child import serve
serve(bytes.fromhex(key))
__import__("os")._exit(0)
"""
"""What the child runs.  It ends at once when all is said: there is nothing to tidy up."""
_MOST_WORDS = 4000


class Unavailable(Exception):
    """There is no second opinion to be had here."""


class Failed(Exception):
    """The child did not answer, or its answer cannot be relied on."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the child says of one case."""

    verdicts: frozenset[str]
    undecided: tuple[int, ...]


def library() -> Path:
    """The folder of durable_rules' C module.  Raises Unavailable where there is none."""
    found = find_spec(MODULE)
    if found is None or found.origin is None:
        raise Unavailable("durable-rules is not installed (extra `second-opinion`)")
    return Path(found.origin).parent


def command(key: bytes) -> list[str]:
    """What is run.  Isolated and without `site`: nothing of the environment is read."""
    package = Path(__file__).resolve().parent
    return [sys.executable, "-I", "-S", "-c", _START, str(package), str(library()), key.hex()]


class Child:
    """A running child.  Used with `with`, after which it is gone."""

    def __init__(self, timeout: float) -> None:
        self._deadline = time.monotonic() + timeout
        self._timeout = timeout
        self._key = os.urandom(16)
        self._words = b""
        argv = command(self._key)
        try:
            self._process = subprocess.Popen(  # noqa: S603  # this Python, on our own file
                argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
            )
        except OSError as error:
            raise Failed(f"it could not be started: {error}") from error
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._kill()
        if not self._listener.is_alive():
            for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
                assert pipe is not None
                pipe.close()

    def ask(self, cases: Sequence[dict[str, object]]) -> list[Answer]:
        """The answers to the cases, in order.  Raises Failed or Unavailable."""
        nonce = os.urandom(8).hex()
        line = signed({"nonce": nonce, "count": len(cases), "cases": list(cases)}, self._key)
        reply = self._in_time(lambda: self._exchange(line))
        try:
            message = opened(reply, self._key)
        except (ValueError, RecursionError) as error:
            raise self._failed(f"its answer cannot be used: {error}") from error
        if message.get("nonce") != nonce or message.get("request") != digest(line, self._key):
            raise self._failed("it answered another question than was asked")
        if "unavailable" in message:
            raise Unavailable(str(message["unavailable"]))
        return self._checked(message.get("answers"), [case["key"] for case in cases])

    def finish(self) -> None:
        """End it, and see that it had nothing more to say and no complaint.  Raises Failed."""
        if self._in_time(self._end):
            raise self._failed("it said more than it was asked")
        if self._process.returncode != 0:
            raise self._failed("it did not end well")

    def _checked(self, answers: object, keys: Sequence[object]) -> list[Answer]:
        if (
            not isinstance(answers, list)
            or [a.get("key") if isinstance(a, dict) else None for a in answers] != keys
        ):
            raise self._failed("its answers are not those to the cases that it was sent")
        found = []
        for answer in answers:
            verdicts, undecided = answer.get("verdicts"), answer.get("undecided")
            if not _list_of(verdicts, str) or not verdicts or not _list_of(undecided, int):
                raise self._failed(f"its answer to case {answer['key']} says nothing")
            found.append(Answer(frozenset(verdicts), tuple(undecided)))
        return found

    def _exchange(self, line: bytes) -> bytes:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        rest = memoryview(line)
        while rest:
            rest = rest[self._process.stdin.write(rest) :]
        return _line(self._process.stdout.fileno())

    def _end(self) -> bytes:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        more = os.read(self._process.stdout.fileno(), 1)
        if not more:
            self._process.wait()
        return more

    def _listen(self) -> None:
        """Keep the first words of its complaints, and read on so that it is never held up by them."""
        assert self._process.stderr is not None
        while words := os.read(self._process.stderr.fileno(), 65536):
            self._words = (self._words + words)[-_MOST_WORDS:]

    def _in_time(self, action: Callable[[], T]) -> T:
        """What the action gives, if it is done before the deadline."""
        results: list[T] = []
        errors: list[OSError | ValueError] = []

        def act() -> None:
            try:
                results.append(action())
            except (OSError, ValueError) as error:  # a pipe that is closed, from either end
                errors.append(error)

        thread = threading.Thread(target=act, daemon=True)
        thread.start()
        thread.join(max(0.0, self._deadline - time.monotonic()))
        if thread.is_alive():
            self._kill()
            raise self._failed(f"it did not answer within {self._timeout:g} s")
        if errors:
            raise self._failed(f"it cannot be spoken to: {errors[0]}")
        return results[0]

    def _failed(self, reason: str) -> Failed:
        """The failure, with how the child ended and the last of its complaints."""
        self._kill()
        code = self._process.returncode
        said = self._words.decode(errors="replace").strip().rpartition("\n")[2]
        ended = f"; it ended with code {code}" if code not in (None, 0) else ""
        return Failed(reason + ended + (f", saying: {said}" if said else ""))

    def _kill(self) -> None:
        """End it at once, in whatever state it is.  Its own end, if it has come already, stays known."""
        if self._process.poll() is None:
            self._process.kill()
            try:
                self._process.wait(1)
            except subprocess.TimeoutExpired:
                return  # nothing more can be done; the pipes are left to the reading threads
        self._listener.join(1)


def _line(source: int) -> bytes:
    """Bytes up to the end of a line, of the stream, or of patience."""
    parts: list[bytes] = []
    size = 0
    while size < LONGEST and (part := os.read(source, 1 << 20)):
        parts.append(part)
        size += len(part)
        if b"\n" in part:
            break
    return b"".join(parts)


def _list_of(found: object, kind: type) -> bool:
    return isinstance(found, list) and all(type(each) is kind for each in found)
