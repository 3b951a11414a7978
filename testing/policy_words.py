"""What drawn policies ask, and the groups, interpretations and definitions that they all have."""

from __future__ import annotations

from collections.abc import Mapping

from redline.testing.written import Data, Mapped

TERMS: Mapping[str, tuple[str, ...]] = {
    "country": ("PK", "IT", "TR", "IN", "NL", "CN"),
    "class": ("naval-platform", "sensor", "radar", "coastal-radar", "component", "weapon"),
    "activity": ("movement", "export", "re-export", "incorporation", "cooperation", "technical-assistance"),
    "code": ("wa_ml", "ML5", "us_ccl:3A001", "3E001", "dual_use", "national_ml"),
    "party_kind": ("state", "company", "armed-forces", "government", "person"),
    "paper_kind": ("grant", "licence", "consent", "undertaking", "end-use-certificate"),
    "paper_state": ("held", "refused", "expired", "pending"),
    "content_via": ("itself", "contained", "made-with-technology", "made-with-plant"),
    "reach_how": ("holder", "transit", "end-user", "place-of-use", "nationality"),
    "part_in": ("sender", "recipient", "intermediary", "end-user", "actor"),
    "form": ("hardware", "technology", "software"),
}
"""What rules test for, by tree; of other trees what scenarios say."""
FAVOURED: Mapping[str, tuple[str, ...]] = {
    "step": (
        "activity",
        "activity",
        "crosses_border",
        "end_use",
        "delivery",
        "contract",
        "flags",
        "return_by",
    ),
    "item": ("class", "military", "origin", "codes", "sensitivity", "form", "made_in", "max_range", "value"),
    "part": (
        "class",
        "military",
        "origin",
        "origin",
        "codes",
        "sensitivity",
        "form",
        "via",
        "depth",
        "share",
    ),
    "party": ("country", "country", "kind", "listed", "roles", "seeks_business"),
    "reached": ("country", "country", "country", "how", "kind", "listed"),
    "passed": ("country", "country", "role"),
    "participant": ("country", "country", "part", "kind", "listed"),
    "earlier": ("activity", "crosses_border", "delivery"),
    "paper": ("kind", "state", "covers", "issued", "number"),
    "undertaking": ("breached", "breached", "kind", "state"),
    "agreement": ("kind", "kind", "classes", "state", "from"),
    "knowledge": ("how", "of"),
    "holding": ("country", "share", "from"),
}
FOLLOWS = frozenset({"crosses_border", "covers", "breached", "good", "depth", "via", "share", "how", "part"})
"""Fields that follow from others: whether the scenario is silent of them is not asked."""
LISTS_OF: Mapping[str, tuple[str, ...]] = {
    "step": (
        "content",
        "content",
        "content",
        "reach",
        "reach",
        "reach",
        "via",
        "upstream",
        "papers",
        "undertakings",
        "agreements",
        "co_developers",
        "parties",
        "knew",
    ),
    "item": ("content",),
    "party": ("owners",),
    "participant": ("owners",),
    "agreement": ("partners", "partners", "items"),
    "scenario": ("steps", "steps", "items", "parties", "agreements", "papers"),
}
PARTS: Mapping[str, tuple[str, ...]] = {
    "step": ("item", "item", "item", "from", "to", "to", "by", "end_user", "into"),
    "earlier": ("item", "from", "to"),
    "paper": ("issuer",),
    "undertaking": ("issuer",),
}
INTERPRETATIONS: Mapped = {
    "narrow": {"question": "Is it meant narrowly?", "answers": {"yes": "its words", "no": "its headlines"}},
    "route": {"question": "What is a route?", "answers": ["any", "supplier", "risk"]},
}
GROUPS: Mapped = {
    "friends": {
        "label": "friends",
        "members": ["IT", "FR", "NL"],
        "as_of": "2026-01-01",
        "source": "ours",
        "territories": "separate",
    },
    "rivals": {"label": "rivals", "members": ["PK", "CN"], "as_of": "2026-01-01", "source": "ours"},
    "rivals_and_theirs": {"of": "country", "members": ["CN", "TR"], "territories": "follow"},
    "arms": {"of": "code", "members": ["wa_ml", "usml"], "label": "munitions"},
    "seeing": {"of": "class", "members": ["sensor", "air-defence-system"]},
}
GROUP_OF = {
    "country": ("friends", "rivals", "rivals", "rivals_and_theirs"),
    "code": ("arms",),
    "class": ("seeing",),
}
DEFINED: Mapping[str, tuple[str, Data]] = {
    "italian": ("item part", {"origin": "IT"}),
    "arms_of_war": ("item part", {"any": [{"military": "yes"}, {"codes": {"in": "arms"}}]}),
    "hostile": ("party reached passed participant", {"country": {"in": "rivals"}}),
    "goes_east": ("step", {"some reach": "hostile"}),
    "carries": ("step", {"some content": {"all": ["italian", "arms_of_war"]}}),
}
"""Named conditions, and the shapes that they are asked of."""
