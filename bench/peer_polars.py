"""A join in polars: rules as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bench.engine import Engine
from bench.workload import ACTIVITIES, CERTIFICATES, COUNTRIES, END_USERS, ORIGINS, Rule, Transfer

ASKED = (
    "item",
    "item_ancestors",
    "origin",
    "destination",
    "activity",
    "end_user",
    "value_usd",
    "end_use_certificate",
    "date",
    "certificates",
)
DOMAINS = {"origin": ORIGINS, "activity": ACTIVITIES, "end_user": END_USERS}


class Polars(Engine):
    """A hash join on destination and entry, the rest as bit sets in a filter."""

    name = "polars join"
    package = "polars"
    how = "rules as a frame; a hash join on destination and entry, then filters; one thread"
    single = False
    columns = True
    LOT = 10_000

    def load(self, rules: Sequence[Rule]) -> None:
        """Make the table of rules: one row for each destination of each."""
        import polars as pl

        self.pl = pl
        self.names = [rule.id for rule in rules]
        keys = [
            (d, rule.item or "*", n) for n, rule in enumerate(rules) for d in rule.destination or COUNTRIES
        ]
        schema = {"on_destination": pl.String, "on_item": pl.String, "rule": pl.Int64}
        rows = pl.DataFrame(
            [_row(n, rule) for n, rule in enumerate(rules)],
            schema_overrides={"x_destination": pl.List(pl.String)},
            infer_schema_length=None,
        )
        self.rules = pl.DataFrame(keys, schema=schema, orient="row").join(rows, on="rule", how="left")
        self.bits = {
            field: pl.DataFrame({field: domain, f"is_{field}": [1 << n for n in range(len(domain))]})
            for field, domain in DOMAINS.items()
        }

    def batch(self, transfers: Sequence[Transfer]) -> list[list[str]]:
        """From dicts, through columns, to lists of ids."""
        numbers, rules = self.pairs(self.encode(transfers))
        out: list[list[str]] = [[] for _ in transfers]
        for number, rule in zip(numbers.tolist(), rules.tolist(), strict=True):
            out[number].append(self.names[rule])
        return out

    def encode(self, transfers: Sequence[Transfer]) -> Any:
        """The columns that are asked, typed."""
        pl = self.pl
        schema = {
            **dict.fromkeys(ASKED, pl.String),
            **dict.fromkeys(("item_ancestors", "certificates"), pl.List(pl.String)),
            **dict.fromkeys(("value_usd", "date"), pl.Int64),
            "end_use_certificate": pl.Boolean,
        }
        columns = {field: [transfer[field] for transfer in transfers] for field in ASKED}
        return pl.DataFrame(columns, schema=schema).with_row_index("i")

    def pairs(self, columns: Any) -> tuple[Any, Any]:
        """Join and filter, in lots that stay in the cache."""
        lots = [self._lot(columns[start : start + self.LOT]) for start in range(0, len(columns), self.LOT)]
        found = self.pl.concat(lots)
        return found["i"].to_numpy(), found["rule"].to_numpy()

    def _lot(self, frame: Any) -> Any:
        pl, col = self.pl, self.pl.col
        asked = frame.lazy()
        for field, bits in self.bits.items():
            asked = asked.join(bits.lazy(), on=field, how="left")
        held = (
            col("certificates").list.contains(c).cast(pl.Int64) * (1 << n) for n, c in enumerate(CERTIFICATES)
        )
        asked = asked.with_columns(
            held=sum(held, pl.lit(0)), at=pl.concat_list(col("item_ancestors"), pl.lit("*"))
        ).explode("at")
        excepted = (
            col("excepts")
            & (
                col("x_destination").is_null()
                | col("x_destination").list.contains(col("destination")).fill_null(value=True)
            )
            & ((col("held") & col("x_held")) == col("x_held"))
            & ((col("x_end_user") & col("is_end_user")) != 0)
            & (col("value_usd") <= col("x_value"))
        )
        return (
            asked.join(
                self.rules.lazy(), left_on=["destination", "at"], right_on=["on_destination", "on_item"]
            )
            .filter(
                (col("in_origin") & col("is_origin")) != 0,
                (col("in_activity") & col("is_activity")) != 0,
                (col("in_end_user") & col("is_end_user")) != 0,
                col("value_usd") > col("over"),
                ~(col("no_certificate") & col("end_use_certificate")),
                col("date").is_between(col("first"), col("last")),
            )
            .filter(~excepted)
            .select("i", "rule")
            .collect()
        )


def _row(number: int, rule: Rule) -> dict[str, Any]:
    unless = rule.unless
    first, last = rule.dates or (0, 99_999_999)
    return {
        "rule": number,
        **{f"in_{field}": _bits(getattr(rule, field), domain) for field, domain in DOMAINS.items()},
        "over": -1 if rule.value_gt is None else rule.value_gt,
        "no_certificate": rule.no_certificate,
        "first": first,
        "last": last,
        "excepts": unless is not None,
        "x_destination": list(unless.destination) if unless and unless.destination is not None else None,
        "x_held": _bits((unless.certificate,), CERTIFICATES) if unless and unless.certificate else 0,
        "x_end_user": _bits(unless.end_user if unless else None, END_USERS),
        "x_value": unless.value_le if unless and unless.value_le is not None else 1 << 60,
    }


def _bits(values: Iterable[str] | None, domain: Sequence[str]) -> int:
    if values is None:
        return (1 << len(domain)) - 1
    return sum(1 << domain.index(value) for value in values)
