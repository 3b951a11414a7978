"""`Engine.screen`: tables and frames of any sort that hands out Arrow batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redline.flat.mapping import by_name, mapping_of
from redline.rules.problems import NOWHERE, Problem, Refused

if TYPE_CHECKING:
    from redline.flat.decide import Decider
    from redline.flat.tables import Screen

LACKING = "tables need pyarrow and numpy: pip install 'redline[screen]'"
Given = str | Path | Mapping[str, object] | None


def screen(decider: Decider, table: Any, mapping: Given) -> Any:
    """The table with what is found of each row; of the sort that was given."""
    try:
        import pyarrow as pa
    except ImportError as error:
        raise ImportError(LACKING) from error
    if isinstance(table, pa.RecordBatchReader):
        return _reader(decider, table, mapping)
    if isinstance(table, pa.RecordBatch):
        return ready(decider, table.schema, mapping).with_answers(table)
    if isinstance(table, pa.Table):
        return _reader(decider, table.to_reader(), mapping).read_all()
    if not hasattr(table, "__arrow_c_stream__"):
        message = f"a table hands out Arrow batches (`__arrow_c_stream__`); `{type(table).__name__}` does not"
        advice = "a pyarrow table, a frame of polars or pandas; of records, `decide_all`"
        raise Refused([Problem("wrong-data", message, NOWHERE, advice)])
    answer = _reader(decider, pa.RecordBatchReader.from_stream(table), mapping).read_all()
    match type(table).__module__.partition(".")[0], type(table).__name__:
        case "polars", "DataFrame":
            return type(table)(answer)
        case "pandas", "DataFrame":
            return answer.to_pandas()
        case _:
            return answer


def ready(decider: Decider, schema: Any, mapping: Given, *, json: bool = False) -> Screen:
    """What judges batches of the schema.  Raises Refused where the mapping does not fit it."""
    from redline.flat.tables import Screen, fitting

    fields = decider.index.fields
    mapped = by_name(schema.names, fields) if mapping is None else mapping_of(mapping, fields)
    fitting(mapped, schema.names)
    return Screen(decider, mapped, json=json)


def _reader(decider: Decider, reader: Any, mapping: Given) -> Any:
    import pyarrow as pa

    from redline.flat.tables import batches_of

    judging = ready(decider, reader.schema, mapping)

    def answers() -> Iterator[Any]:
        for batch in batches_of(reader):
            yield judging.with_answers(batch)

    return pa.RecordBatchReader.from_batches(judging.schema(reader.schema), answers())
