"""Every engine of the benchmark, by the name that a cell is asked for; imported when it is used."""

from __future__ import annotations

from importlib import import_module

from bench.engine import Engine

PLACES = {
    "redline": "redline_engine.Redline",
    "redline-columns": "redline_engine.RedlineColumns",
    "redline2": "redline_engine.RedlineSecond",
    "masks": "baselines.Masks",
    "generated": "baselines.Generated",
    "naive": "baselines.Naive",
    "jsonlogic": "peer_jsonlogic.JsonLogic",
    "rego": "peer_rego.Rego",
    "durable": "peer_durable.Durable",
    "clips": "peer_clips.Clips",
    "zen": "peer_zen.Zen",
    "cel": "peer_cel.Cel",
    "cedar": "peer_cedar.Cedar",
    "polars": "peer_polars.Polars",
}


def engine(name: str) -> type[Engine]:
    """The class of an engine."""
    module, _, kind = PLACES[name].partition(".")
    found: type[Engine] = getattr(import_module(f"bench.{module}"), kind)
    return found
