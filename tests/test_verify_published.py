"""Examples that the literature and other engines are known by, told as policies: what `check`, `verify` and
`diff` say of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from redline.analysis.diff import compare
from redline.analysis.verify import flaws
from redline.engine.load import Library, load
from redline.engine.plain import document_of
from redline.engine.run import Options, judge, prepare
from redline.rules.evidence import FlawKind, Proved, Witness
from redline.rules.problems import errors
from redline.rules.verdicts import Verdict

CROSSES, CLEAR, OPEN = Verdict.CROSSES, Verdict.NOT_CROSSED, Verdict.UNDETERMINED
