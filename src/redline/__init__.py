"""redline: publicly stated constraints on arms and technology transfers, checked and explained.

>>> from redline import Engine
>>> engine = Engine.load()                              # the policies that ship
>>> report = engine.check("scenarios/radar-through-a-shipyard.yaml")
>>> report.verdict
'crosses'
"""

from redline.engine.api import Engine
from redline.rules.problems import Problem, Refused

__all__ = ["Engine", "Problem", "Refused"]
