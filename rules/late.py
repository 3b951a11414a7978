"""Records of which a part is worked out when it is first asked for: a proof that nobody looks at is not made.

Whoever reads such a record cannot tell: it is equal to, and is written like, the one made whole at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self


class Late:
    """The base of a dataclass (frozen, with slots) that may be made `late`."""

    __slots__ = ("_whole",)

    _whole: Callable[[], Self]

    @classmethod
    def late(cls, whole: Callable[[], Self], **known: object) -> Self:
        """The record that `whole` gives, of which these fields are known without it.

        `whole` gives the same whenever it is asked, so that threads may race for it.
        """
        record = object.__new__(cls)
        object.__setattr__(record, "_whole", whole)
        for name, value in known.items():
            object.__setattr__(record, name, value)
        return record

    if not TYPE_CHECKING:  # every name would be an attribute to the type checker

        def __getattr__(self, name: str) -> Any:
            """A field that is not filled in yet: all are, and the whole is forgotten."""
            known: tuple[str, ...] = type(self).__match_args__
            if name not in known:
                raise AttributeError(f"{type(self).__name__} has no {name!r}")
            made = object.__getattribute__(self, "_whole")()
            for each in known:
                object.__setattr__(self, each, getattr(made, each))
            return getattr(made, name)
