"""A report as JSON: the published form, the same bytes for the same inputs."""

from __future__ import annotations

import json
from collections.abc import Iterable

from redline.engine.report_schema import as_data, schema
from redline.rules.report import Report


def render_json(report: Report) -> str:
    """One report."""
    return _written(as_data(report))


def render_json_lines(reports: Iterable[Report]) -> str:
    """Several reports, one a line."""
    return "".join(json.dumps(as_data(each), ensure_ascii=False) + "\n" for each in reports)


def render_schema() -> str:
    """The schema of the report, as `report.schema.json` has it."""
    return _written(schema())


def _written(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
