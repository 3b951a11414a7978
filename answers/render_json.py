"""A report as JSON: the published form, the same bytes for the same inputs."""

from __future__ import annotations

import json

from redline.answers.report_schema import as_data, schema
from redline.rules.report import Report


def render_json(*reports: Report) -> str:
    """One report as an object, several as a list of objects."""
    data = [as_data(each) for each in reports]
    return _written(data[0] if len(data) == 1 else data)


def render_schema() -> str:
    """The schema of the report, as `report.schema.json` has it."""
    return _written(schema())


def _written(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
