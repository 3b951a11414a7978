"""redline: publicly stated constraints on arms and technology transfers, checked and explained.

>>> from redline import Engine
>>> engine = Engine.load()                              # the policies that ship
>>> report = engine.check("scenarios/radar-through-a-shipyard.yaml")
>>> report.verdict
'crosses'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redline.answers.render import rendered
    from redline.front.api import Engine
    from redline.rules.problems import Problem, Refused

__all__ = ["Engine", "Problem", "Refused", "rendered"]


def __getattr__(name: str) -> object:
    """What the package offers, imported when it is asked for: the command line needs none of it."""
    if name == "Engine":
        from redline.front.api import Engine

        return Engine
    if name == "rendered":
        from redline.answers.render import rendered

        return rendered
    if name in ("Problem", "Refused"):
        from redline.rules import problems

        return getattr(problems, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
