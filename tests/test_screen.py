"""Tables screened: each row is what `decide` says of its record, and nothing is lost on the way."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from redline import Engine, Refused
from redline.flat.fields import Flat, fields_of, text_of
from redline.front import cli as command_line
from redline.rules.screening import VERDICTS
from redline.rules.verdicts import Kind, Verdict, worst
from tests.generate_policies import a_policy
from tests.test_decide import a_full_record, a_record, engine_of, sharpened

pa = pytest.importorskip("pyarrow")
pytest.importorskip("numpy")

CROSSES, UNDETERMINED, ASSESS, CLEAR = VERDICTS
HARMLESS = {Verdict.AUTHORISED, Verdict.NOT_CROSSED, Verdict.NOT_APPLICABLE}


@pytest.fixture(scope="module")
def shipped() -> Engine:
    """The engine of the policies that ship."""
    return Engine.load()


def as_row(record: Mapping[str, Any], fields: Mapping[str, Flat]) -> dict[str, Any]:
    """The record as a row of texts and lists of texts; what no cell can say is left unknown."""
    row: dict[str, Any] = {}
    for name, value in record.items():
        several = fields[name].many or name in ("papers", "via")
        if isinstance(value, dict) or (isinstance(value, list) and not several):
            row[name] = None
        elif several:
            row[name] = [str(each) for each in value] if isinstance(value, list) else None
        else:
            row[name] = None if value is None else text_of(value)
    return row


def table_of(rows: Sequence[Mapping[str, Any]], fields: Mapping[str, Flat]) -> Any:
    """Rows as a table; what a row does not say is null there."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    several = {n for n in names if fields[n].many or n in ("papers", "via")}
    return pa.table(
        {
            n: pa.array([r.get(n) for r in rows], pa.list_(pa.string()) if n in several else pa.string())
            for n in names
        }
    )


def hold_to_decide(engine: Engine, table: Any, mapping: Any = None) -> dict[str, int]:
    """Holds each row of the answer to `decide`; how often each word came."""
    answer = engine.screen(table, mapping)
    assert answer.num_rows == table.num_rows
    weighs = {f"{p.id}/{r.id}" for p in engine.bench.policies for r in p.rules if r.kind is Kind.WEIGHS}
    seen: dict[str, int] = {}
    for row, said in zip(table.to_pylist(), answer.to_pylist(), strict=True):
        seen[said["verdict"]] = seen.get(said["verdict"], 0) + 1
        try:
            found = engine.decide({name: value or None for name, value in row.items()})
        except Refused:
            assert said["verdict"] == "rejected", row
            assert said["problem"], row
            continue
        assert (said["certain"], said["possible"]) == (list(found.certain), list(found.possible)), row
        assert said["problem"] is None
        seen["in doubt"] = seen.get("in doubt", 0) + len(found.possible) - len(found.certain)
        if found.certain:
            assert said["verdict"] == CROSSES
        elif set(found.possible) - weighs:
            assert said["verdict"] == UNDETERMINED
        elif found.possible:
            assert said["verdict"] in (UNDETERMINED, ASSESS)
        else:
            assert said["verdict"] == CLEAR
    return seen


def hold_to_check(engine: Engine, table: Any) -> set[str]:
    """Holds each row of the answer to what `check` finds on its scenario; the words that came."""
    answer, words = engine.screen(table), set()
    for row, said in zip(table.to_pylist(), answer.to_pylist(), strict=True):
        if said["verdict"] == "rejected":
            continue
        found = sharpened(engine, {name: value or None for name, value in row.items()})
        words.add(said["verdict"])
        assert all(found[rule] is Verdict.CROSSES for rule in said["certain"]), row
        if said["verdict"] == CROSSES:
            assert worst(found.values()) is Verdict.CROSSES
        if said["verdict"] == ASSESS:
            assert worst(found.values()) in {Verdict.REQUIRES_ASSESSMENT, *HARMLESS}
        if said["verdict"] == CLEAR:
            assert worst(found.values()) in HARMLESS, row
        cleared = set(found) - set(said["possible"])
        assert all(found[rule] in HARMLESS for rule in cleared), row
    return words


# --- the same as decide and check ------------------------------------------------------------------


def test_on_the_shipped_policies_a_row_is_what_decide_and_check_say(shipped: Engine) -> None:
    """Rows in which all sorts of fields are said, and others unknown."""
    fields = fields_of(shipped.library.lexicon)
    chance = Random(5)  # noqa: S311  # not for secrets
    rows = [as_row(a_record(chance, shipped, 4), fields) for _ in range(14)]
    table = table_of(rows, fields)
    seen = hold_to_decide(shipped, table)
    assert seen.get("rejected", 0) < 8, seen
    hold_to_check(shipped, table.slice(0, 8))


@pytest.mark.parametrize(("rules", "seed"), [(30, 1), (300, 2), (70, 3)])
def test_on_policies_made_by_chance_a_row_is_what_decide_and_check_say(
    rules: int, seed: int, tmp_path: Path
) -> None:
    """Few rules in a word, and so many that most words are passed over."""
    path = tmp_path / "made.yaml"
    path.write_text(a_policy(rules, seed), encoding="utf-8")
    engine = Engine.load([path])
    fields = fields_of(engine.library.lexicon)
    chance = Random(seed)  # noqa: S311  # not for secrets
    table = table_of([as_row(a_full_record(chance), fields) for _ in range(60)], fields)
    seen = hold_to_decide(engine, table)
    assert seen.get(CROSSES, 0) > 3, seen
    assert seen["in doubt"] > 10, seen
    hold_to_check(engine, table.slice(0, 12))


def test_batches_and_what_is_forgotten_make_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches of seven rows, and no room for values that were met."""
    path = tmp_path / "made.yaml"
    path.write_text(a_policy(90, 4), encoding="utf-8")
    engine = Engine.load([path])
    fields = fields_of(engine.library.lexicon)
    chance = Random(4)  # noqa: S311  # not for secrets
    table = table_of([as_row(a_full_record(chance), fields) for _ in range(40)], fields)
    whole = engine.screen(table).to_pylist()
    monkeypatch.setattr("redline.flat.tables.ROWS", 7)
    monkeypatch.setattr("redline.flat.coded._ROOM", 64)
    assert engine.screen(table).to_pylist() == whole


# --- what comes in, and what goes out ----------------------------------------------------------------

RULE = "id: r\n    kind: prohibits\n    when: {to.country: PK}"


def test_words_follow_from_what_is_certain_and_possible(tmp_path: Path) -> None:
    """One rule that prohibits, and one that weighs."""
    engine = engine_of(tmp_path, RULE, "id: w\n    kind: weighs\n    when: {item.class: radar}")
    table = pa.table(
        {
            "to.country": ["PK", "FR", None, "FR", "FR"],
            "item.class": ["radar", "radar", "sonar", "sonar", None],
        }
    )
    answer = engine.screen(table)
    assert answer.column("verdict").to_pylist() == [CROSSES, ASSESS, UNDETERMINED, CLEAR, UNDETERMINED]
    assert answer.column("possible").to_pylist() == [["p/r", "p/w"], ["p/w"], ["p/r"], [], ["p/w"]]
    assert answer.column_names == ["to.country", "item.class", "verdict", "certain", "possible", "problem"]


def test_any_engine_that_hands_out_arrow_batches_is_served(tmp_path: Path) -> None:
    """What comes back is of the sort that was given."""
    engine = engine_of(tmp_path, RULE)
    table = pa.table({"to.country": ["PK", "FR", None]})
    words = [CROSSES, CLEAR, UNDETERMINED]
    assert engine.screen(table).column("verdict").to_pylist() == words
    batch = engine.screen(table.to_batches()[0])
    assert isinstance(batch, pa.RecordBatch)
    assert batch.column("verdict").to_pylist() == words
    reader = engine.screen(table.to_reader())
    assert isinstance(reader, pa.RecordBatchReader)
    assert reader.read_all().column("verdict").to_pylist() == words
    encoded = pa.table({"to.country": table.column("to.country").dictionary_encode()})
    assert engine.screen(encoded).column("verdict").to_pylist() == words


@pytest.mark.parametrize("module", ["polars", "pandas"])
def test_frames_come_back_as_frames(module: str, tmp_path: Path) -> None:
    """Of polars and pandas."""
    frames = pytest.importorskip(module)
    engine = engine_of(
        tmp_path, RULE, "id: q\n    kind: prohibits\n    when: {item.quantity: {more_than: 10}}"
    )
    frame = frames.DataFrame({"to.country": ["PK", "FR", None], "item.quantity": [1, 11, 2]})
    answer = engine.screen(frame)
    assert type(answer) is type(frame)
    assert [str(each) for each in answer["verdict"]] == [CROSSES, CROSSES, UNDETERMINED]


def test_numbers_are_the_same_as_numbers_texts_and_cells_without_one(tmp_path: Path) -> None:
    """At a bound and to its sides; in a way of writing that is not the usual one; unknown."""
    engine = engine_of(
        tmp_path,
        "id: more\n    kind: prohibits\n    when: {item.quantity: {more_than: 10}}",
        "id: either\n    kind: prohibits\n    when: {any: [{to.country: PK}, {item.quantity: {at_most: 9}}]}",
    )
    numbers = [9, 10, 11, None, -1, 2**63 - 1]
    texts = ["9", "10", "11", None, "-1", str(2**63 - 1), "007", "0x1F", "1e3", "nine"]
    for values in (numbers, texts, [9.0, 10.0, 10.5, None]):
        for country in (["PK"] * len(values), ["FR"] * len(values), [None] * len(values)):
            hold_to_decide(engine, pa.table({"item.quantity": values, "to.country": country}))
    large = pa.table({"item.quantity": pa.array([2**63, 5], pa.uint64())})
    assert engine.screen(large).column("verdict").to_pylist() == ["rejected", CROSSES]


def test_a_value_that_cannot_be_used_is_rejected_and_never_clear(tmp_path: Path) -> None:
    """A word that there is not, a number that is none, a day of a wrong type, a number that is too large."""
    engine = engine_of(tmp_path, RULE)
    for name, bad in (
        ("item.quantity", float("nan")),
        ("item.quantity", float("inf")),
        ("item.quantity", str(2**64)),
        ("item.class", "rader"),
        ("item.class", 5),
        ("date", "2026-02-30"),
        ("item.military", "perhaps"),
    ):
        answer = engine.screen(pa.table({"to.country": ["FR"], name: [bad]})).to_pylist()[0]
        assert answer["verdict"] == "rejected", (name, bad, answer)
        assert answer["certain"] == answer["possible"] == []
        assert name in answer["problem"]


def test_a_column_without_any_value_is_unknown_and_a_table_without_rows_stays_so(tmp_path: Path) -> None:
    """Nothing is taken for false."""
    engine = engine_of(tmp_path, RULE)
    for kind in (pa.string(), pa.null(), pa.int64(), pa.dictionary(pa.int32(), pa.string())):
        answer = engine.screen(pa.table({"to.country": pa.nulls(3, kind)}))
        assert answer.column("verdict").to_pylist() == [UNDETERMINED] * 3, kind
    assert engine.screen(pa.table({"to.country": pa.array([], pa.string())})).num_rows == 0


def test_a_list_is_open_unless_it_is_said_to_be_whole(tmp_path: Path) -> None:
    """An empty list that is not whole says nothing; one that is says that there is none."""
    engine = engine_of(
        tmp_path, "id: r\n    kind: prohibits\n    when: {not: {some papers: {kind: licence}}}"
    )
    table = pa.table({"papers": [["licence"], [], None, ["end-use-certificate"]]})
    assert engine.screen(table).column("verdict").to_pylist() == [CLEAR, *[UNDETERMINED] * 3]
    whole = {"fields": {"papers": {"column": "papers", "whole": "yes"}}}
    assert engine.screen(table, whole).column("verdict").to_pylist() == [
        CLEAR,
        CROSSES,
        UNDETERMINED,
        CROSSES,
    ]
    texts = pa.table({"held": ["licence", "none", "", "end-use-certificate; contract"]})
    split = {"fields": {"papers": {"column": "held", "whole": "yes", "split": ";"}}}
    assert engine.screen(texts, split).column("verdict").to_pylist() == [
        CLEAR,
        CROSSES,
        UNDETERMINED,
        CROSSES,
    ]


def test_a_mapping_names_columns_words_and_what_is_the_same_on_each_row(tmp_path: Path) -> None:
    """All its keys."""
    engine = engine_of(tmp_path, "id: r\n    kind: prohibits\n    when: {to.country: PK, activity: export}")
    mapping = {
        "fields": {
            "to.country": {"column": "where", "words": {"Pakistan": "PK"}},
            "activity": {"value": "permanent-export"},
        },
        "unknown": ["", "?"],
    }
    table = pa.table({"where": ["Pakistan", "FR", "?", ""], "to.contry": [1, 2, 3, 4]})
    answer = engine.screen(table, mapping)
    assert answer.column("verdict").to_pylist() == [CROSSES, CLEAR, UNDETERMINED, UNDETERMINED]
    assert answer.column("to.contry").to_pylist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("columns", "mapping", "code", "message", "advice"),
    [
        (["to.contry"], None, "unknown-key", "no field `to.contry`", "`to.country`"),
        (["x"], None, "unknown-key", "no column is called as a field", "mapping"),
        (["x"], {"fields": {"to.contry": "x"}}, "unknown-key", "no field `to.contry`", "`to.country`"),
        (["wher"], {"fields": {"to.country": "where"}}, "unknown-name", "no column `where`", "`wher`"),
        (["x"], {"fields": {}}, "empty-value", "names no column", "fields"),
        (["x"], {}, "missing-key", "says no fields", "fields"),
        (["x"], {"feilds": {"to.country": "x"}}, "unknown-key", "no `feilds`", "`fields`"),
        (["x"], {"fields": {"to.country": {}}}, "missing-key", "a column or a value", "column"),
        (
            ["x"],
            {"fields": {"to.country": {"column": "x", "whole": "yes"}}},
            "wrong-value",
            "no list",
            "whole",
        ),
        (["to.country", "verdict"], None, "given-twice", "`verdict`", "rename"),
        (["to.country", "to.country"], None, "given-twice", "two columns", "rename"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(
    columns: list[str], mapping: Any, code: str, message: str, advice: str, tmp_path: Path
) -> None:
    """With what to do."""
    engine = engine_of(tmp_path, RULE)
    with pytest.raises(Refused) as refused:
        engine.screen(pa.Table.from_arrays([pa.array(["PK"])] * len(columns), columns), mapping)
    found = [p for p in refused.value.problems if p.code == code]
    assert found, refused.value.problems
    assert message in found[0].message
    assert advice in found[0].help


def test_what_hands_out_no_batches_is_refused(tmp_path: Path) -> None:
    """A list of records is for `decide_all`."""
    engine = engine_of(tmp_path, RULE)
    with pytest.raises(Refused) as refused:
        engine.screen([{"to.country": "PK"}])
    assert "decide_all" in refused.value.problems[0].help
    records = [{"to.country": "PK"}, {"item.class": "radar"}, {"to.country": "FR"}, {}]
    assert engine.decide_all(records) == [engine.decide(each) for each in records]
    assert engine.decide_all(iter(())) == []
    with pytest.raises(Refused):
        engine.decide_all([{"to.country": "PK"}, 5])  # type: ignore[list-item]


# --- files ---------------------------------------------------------------------------------------------

MAPPING = """redline: 1
mapping: orders
fields:
  to.country: where
  item.quantity: count
"""
ROWS = [
    ("1", "PK", "5", "plain"),
    ("2", "FR", "11", 'a "quoted" text, with a comma'),
    ("3", "FR", "2", "two\nlines"),
    ("4", "", "3", ""),
    ("5", "Paris", "3", "no country"),
    ("6", "FR", "-1", "äöü"),
]


def run(*arguments: str) -> int:
    """The command, and its exit code."""
    return command_line.run(["--quiet", "screen", *arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a policy, a mapping and no rows."""
    engine_of(tmp_path, RULE, "id: q\n    kind: prohibits\n    when: {item.quantity: {more_than: 10}}")
    (tmp_path / "map.yaml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


def screened(folder: Path, name: str, out: str = "out.jsonl") -> tuple[int, list[dict[str, Any]], list[Any]]:
    """The exit code, the rows that came out as they were written in JSON Lines, and those rejected."""
    options = ["--mapping", str(folder / "map.yaml"), "--policy", str(folder / "p.yaml")]
    code = run(str(folder / name), *options, "-o", str(folder / out))
    lines = (folder / out).read_text(encoding="utf-8").splitlines() if out.endswith("jsonl") else []
    rejected = (folder / f"{out}.rejected.jsonl").read_text(encoding="utf-8").splitlines()
    assert not list(folder.glob("*.part"))
    return code, [json.loads(line) for line in lines], [json.loads(line) for line in rejected]


def as_csv(rows: Sequence[Sequence[str]], end: str = "\n") -> bytes:
    """Rows as CSV, quoted where that is needed."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end)
    writer.writerow(("id", "where", "count", "note"))
    writer.writerows(rows)
    return text.getvalue().encode()


@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("block", [1 << 22, 40])
def test_csv_rows_come_out_with_their_words_or_are_rejected_with_their_lines(
    folder: Path, head: bytes, end: str, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Quotes, commas, lines in texts, empty lines, and rows that are none."""
    monkeypatch.setattr("redline.flat.table_files.BLOCK", block)
    data = head + as_csv(ROWS, end) + f"7,FR{end}{end}8,PK,1,x,y{end}9,PK,1,last".encode()
    (folder / "t.csv").write_bytes(data)
    code, rows, rejected = screened(folder, "t.csv")
    assert code == command_line.USAGE, "rows are rejected"
    assert [(r["id"], r["verdict"]) for r in rows] == [
        ("1", CROSSES),
        ("2", CROSSES),
        ("3", CLEAR),
        ("4", UNDETERMINED),
        ("9", CROSSES),
    ]
    assert rows[2]["note"].replace("\r", "") == "two\nlines"
    assert sorted((r["line"], r["text"]) for r in rejected) == [
        (7, "5,Paris,3,no country"),
        (8, "6,FR,-1,äöü"),
        (9, "7,FR"),
        (11, "8,PK,1,x,y"),
    ]
    reasons = {r["line"]: r["reason"] for r in rejected}
    assert "`Paris` is not a country code" in reasons[7]
    assert "2 values" in reasons[9]


def test_a_line_that_is_no_text_costs_no_other(folder: Path) -> None:
    """Bytes that are not UTF-8, and a quote that is never closed."""
    (folder / "t.csv").write_bytes(b'id,where,count,note\n1,PK,1,\xff\n2,FR,1,x\n3,PK,1,"open\n4,FR,2,y\n')
    code, rows, rejected = screened(folder, "t.csv")
    assert code == command_line.USAGE
    assert [r["id"] for r in rows] == ["2", "4"]
    assert [(r["line"], r["reason"]) for r in rejected] == [
        (2, "the line is not UTF-8"),
        (4, "a quote is not closed"),
    ]


def test_json_lines_keep_their_types_and_bad_lines_are_rejected(folder: Path) -> None:
    """A number that is too large, no number, no object, no JSON; a set of values."""
    lines = [
        '{"id": 1, "where": "PK", "count": 5}',
        '{"id": 2, "where": {"one_of": ["PK", "FR"]}, "count": 5}',
        '{"id": 3, "where": "FR", "count": 9223372036854775808}',
        '{"id": 4, "where": "FR", "count": NaN}',
        "[1]",
        "{",
        "",
        '{"id": 5, "where": "FR", "count": 11}',
        '{"id": 6, "where": "FR"}',
        '{"id": 7, "where": "FR", "count": 2}',
    ]
    (folder / "t.jsonl").write_text("\n".join(lines), encoding="utf-8")
    code, rows, rejected = screened(folder, "t.jsonl")
    assert code == command_line.USAGE
    words = [CROSSES, UNDETERMINED, CROSSES, UNDETERMINED, CLEAR]
    assert [(r["id"], r["verdict"]) for r in rows] == list(zip([1, 2, 5, 6, 7], words, strict=True))
    assert rows[1]["where"] == {"one_of": ["PK", "FR"]}
    assert sorted(r["line"] for r in rejected) == [3, 4, 5, 6]
    assert screened(folder, "t.jsonl", "out.parquet")[0] == command_line.USAGE


def test_parquet_goes_in_and_out_and_csv_too(folder: Path) -> None:
    """The same words whatever the form, and the exit code that they come to."""
    import pyarrow.csv as pv
    import pyarrow.parquet as pq

    days = [date(2026, 1, 1)] * 3
    table = pa.table(
        {"where": ["FR", None, "FR"], "count": [1, 2, 3], "day": days, "many": [["a"], [], None]}
    )
    pq.write_table(table, folder / "t.parquet")
    words = [CLEAR, UNDETERMINED, CLEAR]
    code, rows, _ = screened(folder, "t.parquet")
    assert (code, [r["verdict"] for r in rows]) == (3, words)
    assert screened(folder, "t.parquet", "out.parquet")[0] == 3
    assert pq.read_table(folder / "out.parquet").column("verdict").to_pylist() == words
    assert screened(folder, "t.parquet", "out.csv")[0] == 3
    answer = pv.read_csv(folder / "out.csv")
    assert answer.column("verdict").to_pylist() == words
    assert answer.column("possible").to_pylist() == ["", "p/r", ""]


def test_a_file_without_rows_gives_a_file_without_rows(folder: Path) -> None:
    """With its columns."""
    (folder / "t.csv").write_text("id,where,count,note\n", encoding="utf-8")
    for out in ("out.csv", "out.parquet", "out.jsonl"):
        code, rows, rejected = screened(folder, "t.csv", out)
        assert (code, rows, rejected) == (0, [], [])
    assert b"verdict" in (folder / "out.csv").read_bytes()


def test_output_is_whole_or_not_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was there before stays, whatever fails; rows that are lost are a failure."""
    (folder / "t.csv").write_bytes(as_csv(ROWS))
    (folder / "out.jsonl").write_text("before\n", encoding="utf-8")
    options = ["--mapping", str(folder / "map.yaml"), "--policy", str(folder / "p.yaml")]
    command = [str(folder / "t.csv"), *options, "-o", str(folder / "out.jsonl")]
    from redline.flat.table_out import Out

    write = Out.write

    def loses_one(self: Out, lot: Any, answers: Any, kept: Any) -> None:
        write(self, lot, answers.slice(1), None if kept is None else kept[1:])

    monkeypatch.setattr(Out, "write", loses_one)
    assert run(*command) == command_line.INTERNAL
    assert (folder / "out.jsonl").read_text(encoding="utf-8") == "before\n"
    assert not list(folder.glob("*.part"))
    assert not (folder / "out.jsonl.rejected.jsonl").exists()


def test_files_and_mappings_that_cannot_be_used_are_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each ends with 2, and nothing is written."""
    (folder / "t.csv").write_bytes(as_csv(ROWS))
    (folder / "t.xlsx").write_bytes(b"PK")
    (folder / "none.csv").write_bytes(b"")
    (folder / "bad.parquet").write_bytes(b"no parquet")
    (folder / "bad.yaml").write_text("redline: 1\nmapping: m\nfields: {to.contry: where}\n", encoding="utf-8")
    out, policy = ["-o", str(folder / "out.csv")], ["--policy", str(folder / "p.yaml")]
    for name, mapping, told in (
        ("t.csv", "bad.yaml", "did you mean `to.country`"),
        ("t.csv", "gone.yaml", "gone.yaml"),
        ("gone.csv", "map.yaml", "cannot be read"),
        ("t.xlsx", "map.yaml", ".parquet"),
        ("none.csv", "map.yaml", "does not name the columns"),
        ("bad.parquet", "map.yaml", "cannot be read"),
    ):
        code = run(str(folder / name), "--mapping", str(folder / mapping), *policy, *out)
        assert (code, told in capsys.readouterr().err) == (command_line.USAGE, True), (name, mapping)
    same = run(str(folder / "t.csv"), *policy, "-o", str(folder / "t.csv"))
    assert same == command_line.USAGE
    assert not (folder / "out.csv").exists()


def test_the_summary_counts_by_verdict_rule_layer_and_country_and_names_what_was_not_judged(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As data."""
    engine_of(
        folder,
        RULE,
        "id: open\n    kind: prohibits\n    when: {unsettled: whether it is meant}",
        "id: flag\n    kind: flags\n    asks: who is it?\n    when: {to.country: PK}",
    )
    (folder / "t.csv").write_bytes(b"where,count\nPK,1\nPK,2\nFR,3\n")
    options = ["--mapping", str(folder / "map.yaml"), "--policy", str(folder / "p.yaml"), "--format", "json"]
    code = command_line.run(["screen", str(folder / "t.csv"), *options, "-o", str(folder / "out.csv")])
    found = json.loads(capsys.readouterr().out)
    assert code == 1
    assert (found["rows"], found["rejected"]) == (3, 0)
    assert found["verdicts"] == {CROSSES: 2, UNDETERMINED: 1, ASSESS: 0, CLEAR: 0}
    assert [(r["rule"], r["crosses"], r["not_cleared"]) for r in found["rules"]] == [
        ("p/r", 2, 0),
        ("p/open", 0, 3),
    ]
    assert found["layers"] == {"legal": {"crosses": 2, "not_cleared": 3}}
    assert found["countries"]["PK"][CROSSES] == 2
    assert sorted(found["not_judged"]) == ["p/flag", "p/open"]
