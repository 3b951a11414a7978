"""The second work in redline's words."""

from __future__ import annotations

from collections.abc import Mapping

from bench.second_work import Further
from bench.words import ACTIVITY, END_USER, OTHER_CERTIFICATE, PAPER, codes, day, listed, rule_text, stretch
from bench.workload import Transfer

KIND: Mapping[str, str] = {**PAPER, "other": OTHER_CERTIFICATE}


def further_text(one: Further) -> str:
    """One rule, as redline's YAML."""
    further = []
    if one.papers is not None:
        quantifier = "every" if one.every_paper else "some"
        further.append(f"{quantifier} papers: {{kind: {listed(KIND[kind] for kind in one.papers)}}}")
    if one.origins is not None:
        among = listed(one.origins)
        further.append(f"item.origin: {f'{{only: {among}}}' if one.every_origin else among}")
    validity = listed(stretch(part.first, part.last, part.state) for part in one.validity)
    return rule_text(one.rule, further, validity if one.validity else "")


def partial_record(transfer: Transfer) -> dict[str, object]:
    """The flat record that a transfer is: what is not known is left out."""
    record: dict[str, object] = {}
    for field, value in transfer.items():
        match field:
            case "activity":
                record["activity"] = ACTIVITY[value]
            case "origin":
                record["from.country"] = value
            case "destination":
                record["to.country"] = value
            case "end_user":
                record["end_user.kind"] = END_USER[value]
            case "item":
                record["item.codes"] = codes(value)
            case "value_usd":
                record["item.value_usd"] = value
            case "date":
                record["date"] = day(value)
            case "papers":
                kinds = [KIND[kind] for kind in value]
                record["papers"] = {"known": kinds, "more": "none"} if kinds else "none"
            case _:
                record["item.origin"] = value
    return record
