"""The collector of garbage, kept from looking through what is being made and is all in use."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_rest() -> Iterator[None]:
    """Meanwhile nothing is collected.  Of many records made at once nearly all stay, and to look through
    them again and again, for what may be gone, takes longer than to make them."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
