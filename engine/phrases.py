"""The sentences of an answer, as tables: what is said of each field, list and part, with defaults for
the rest, so that a fact that a policy declares reads well too.

`{of}` is whom or what the sentence is about, `{it}` the value, `{a}` the value with its article,
`{when}` a date with its preposition, `{content}` controlled content of a country, `{whole}` what `{of}`
stands in (the step, the item, the party that owns).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from redline.engine.characters import visible
from redline.rules.shapes import Field


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is said where a value is so, and where it is known only what it is not."""

    so: str
    not_so: str


_FIELDS: Mapping[str, Phrase] = {
    "name": Phrase("{of} is called {it}", "{of} is not called {it}"),
    "what": Phrase("{of} is described as {it}", "{of} is not described as {it}"),
    "country": Phrase("{of} is in {it}", "{of} is not in {it}"),
    "kind": Phrase("{of} is {a}", "{of} is not {a}"),
    "agreement.kind": Phrase("{of} is an agreement of the kind {it}", "{of} is no agreement of the kind {it}"),
    "roles": Phrase("{of} acts as {a}", "{of} does not act as {a}"),
    "nationalities": Phrase("{of} is a national of {it}", "{of} is no national of {it}"),
    "flags": Phrase("there is a red flag about {of}: {it}", "there is no red flag about {of}: {it}"),
    "listed": Phrase("{of} stands on the list {it}", "{of} does not stand on the list {it}"),
    "screened_on": Phrase("{of} was screened {when}", "{of} was not screened {when}"),
    "class": Phrase("{of} is of the class {it}", "{of} is not of the class {it}"),
    "form": Phrase("{of} is {a}", "{of} is not {a}"),
    "made_in": Phrase("{of} was made in {it}", "{of} was not made in {it}"),
    "military": Phrase("{of} is military", "{of} is not military"),
    "sensitivity": Phrase("{of} is {it}", "{of} is not {it}"),
    "quantity": Phrase("the quantity of {of} is {it}", "the quantity of {of} is not {it}"),
    "value": Phrase("the value of {of} is {it}", "the value of {of} is not {it}"),
    "codes": Phrase("{of} is classified under {it}", "{of} is not classified under {it}"),
    "origin": Phrase("{of} embodies {content}", "{of} embodies no {content}"),
    "classes": Phrase("{of} is about the class {it}", "{of} is not about the class {it}"),
    "issued": Phrase("{of} was issued {when}", "{of} was not issued {when}"),
    "paper.from": Phrase("{of} is valid as from a day {when}", "{of} is not valid as from a day {when}"),
    "paper.to": Phrase("the last day on which {of} is valid is {it}", "the last day on which {of} is valid is not {it}"),
    "agreement.from": Phrase("the first day on which {of} holds is {it}", "the first day on which {of} holds is not {it}"),
    "agreement.to": Phrase("the last day on which {of} holds is {it}", "the last day on which {of} holds is not {it}"),
    "holding.share": Phrase("{of} holds {it} of {whole}", "{of} does not hold {it} of {whole}"),
    "holding.from": Phrase("the first day on which {of} held its share of {whole} is {it}", "the first day on which {of} held its share of {whole} is not {it}"),
    "holding.to": Phrase("the last day on which {of} held its share of {whole} is {it}", "the last day on which {of} held its share of {whole} is not {it}"),
    "part.share": Phrase("{of} makes up {it} of the value of {whole}", "{of} does not make up {it} of the value of {whole}"),
    "depth": Phrase("{of} lies {it} levels deep in {whole}", "{of} does not lie {it} levels deep in {whole}"),
    "declared_use": Phrase("{of} declares as the end use: {it}", "{of} does not declare as the end use: {it}"),
    "declared_place": Phrase("{of} declares {it} as the place of use", "{of} does not declare {it} as the place of use"),
    "covers": Phrase("{of} covers {whole}", "{of} does not cover {whole}"),
    "breached": Phrase("{whole} breaches {of}", "{whole} does not breach {of}"),
    "activity": Phrase("{of} is {a}", "{of} is not {a}"),
    "contract": Phrase("{of} is contracted {when}", "{of} is not contracted {when}"),
    "delivery": Phrase("{of} is carried out {when}", "{of} is not carried out {when}"),
    "end_use": Phrase("the end use in {of} is {it}", "the end use in {of} is not {it}"),
    "place_of_use": Phrase("after {of} it is used in {it}", "after {of} it is not used in {it}"),
    "status": Phrase("{of} is {it}", "{of} is not {it}"),
    "crosses_border": Phrase("{of} goes from one country to another", "{of} stays inside one country"),
    "state": Phrase("the state of {of} is {it}", "the state of {of} is not {it}"),
    "via": Phrase("how {of} is in {whole}: {it}", "how {of} is in {whole}: not {it}"),
    "how": Phrase("how {whole} reaches {of}: {it}", "how {whole} reaches {of}: not {it}"),
    "part": Phrase("the part that {of} plays in {whole}: {it}", "the part that {of} plays in {whole}: not {it}"),
    "role": Phrase("{of} stands on the way as {a}", "{of} does not stand on the way as {a}"),
    "knowledge.how": Phrase("how it was known in {whole}: {it}", "it was not known in {whole} in this way: {it}"),
    "knowledge.of": Phrase("what was known in {whole} is of this use: {it}", "what was known in {whole} is not of this use: {it}"),
}  # fmt: skip

_TERMS: Mapping[tuple[str, str], Phrase] = {
    ("paper_state", "held"): Phrase("{of} is held", "{of} is not held"),
    ("paper_state", "pending"): Phrase("{of} is pending", "{of} is not pending"),
    ("paper_state", "refused"): Phrase("{of} was refused", "{of} was not refused"),
    ("paper_state", "revoked"): Phrase("{of} was revoked", "{of} was not revoked"),
    ("paper_state", "expired"): Phrase("{of} has expired", "{of} has not expired"),
    ("paper_state", "absent"): Phrase("{of} is stated to be absent", "{of} is not absent"),
    ("agreement_state", "proposed"): Phrase("{of} is under discussion", "{of} is not under discussion"),
    ("agreement_state", "signed"): Phrase("{of} is signed", "{of} is not signed"),
    ("agreement_state", "in-force"): Phrase("{of} is in force", "{of} is not in force"),
    ("agreement_state", "ended"): Phrase("{of} has ended", "{of} has not ended"),
    ("sensitivity", "not-sensitive"): Phrase("{of} is not sensitive", "{of} is sensitive"),
    ("content_via", "itself"): Phrase("{of} is the item itself", "{of} is not the item itself"),
    ("content_via", "contained"): Phrase("{whole} contains {of}", "{whole} does not contain {of}"),
    ("content_via", "made-with-technology"): Phrase("{whole} was made with the technology {of}", "{whole} was not made with the technology {of}"),
    ("content_via", "made-with-plant"): Phrase("{whole} was made with the plant {of}", "{whole} was not made with the plant {of}"),
    ("reach_how", "holder"): Phrase("{of} receives it in {whole}", "{of} does not receive it in {whole}"),
    ("reach_how", "transit"): Phrase("{whole} passes through {of}", "{whole} does not pass through {of}"),
    ("reach_how", "end-user"): Phrase("{of} is the end user in {whole}", "{of} is not the end user in {whole}"),
    ("reach_how", "place-of-use"): Phrase("after {whole} it is used at {of}", "after {whole} it is not used at {of}"),
    ("reach_how", "nationality"): Phrase("{whole} reaches {of} by a nationality", "{whole} does not reach {of} by a nationality"),
    ("part_in", "sender"): Phrase("{of} sends in {whole}", "{of} does not send in {whole}"),
    ("part_in", "recipient"): Phrase("{of} receives in {whole}", "{of} does not receive in {whole}"),
    ("part_in", "intermediary"): Phrase("{of} stands on the way in {whole}", "{of} does not stand on the way in {whole}"),
    ("part_in", "end-user"): Phrase("{of} is the end user in {whole}", "{of} is not the end user in {whole}"),
    ("part_in", "actor"): Phrase("{of} carries out {whole}", "{of} does not carry out {whole}"),
    ("status", "cancelled"): Phrase("{of} was cancelled", "{of} was not cancelled"),
    ("status", "proposed"): Phrase("{of} is proposed", "{of} is no mere proposal"),
    ("status", "under-way"): Phrase("{of} is under way", "{of} is not under way"),
}  # fmt: skip
"""Terms of which something better can be said than their field says."""


_NO_BRACES = str.maketrans("{}", "()")


def fill(template: str, **given: str) -> str:
    """The template with its blanks filled; what is filled in is not looked at again."""
    return re.sub(r"\{(\w+)\}", lambda blank: given.get(blank[1], blank[0]), template)


def of_field(shape: str, field: Field) -> Phrase:
    """What is said of a field of rows of that shape."""
    kin = {"undertaking": "paper", "earlier": "step", "step": "step"}.get(shape, shape)
    found = _FIELDS.get(f"{shape}.{field.name}") or _FIELDS.get(f"{kin}.{field.name}") or _FIELDS.get(field.name)
    if found is not None:
        return found
    words = visible(field.name.replace("_", " ")).translate(_NO_BRACES)
    if field.type.of == "yes_no":
        return Phrase(f"“{words}” holds of {{of}}", f"“{words}” does not hold of {{of}}")
    return Phrase(f"the {words} of {{of}} is {{it}}", f"the {words} of {{of}} is not {{it}}")


def of_term(tree: str, term: str) -> Phrase | None:
    """What is said of a term, where that is more than its field says."""
    return _TERMS.get((tree, term))


NO_MORE: Mapping[str, str] = {
    "content": "nothing else is in {of}",
    "reach": "{of} reaches no one else",
    "via": "{of} passes through nothing else",
    "upstream": "no other step comes before {of}",
    "papers": "no other paper is attached to {of}",
    "undertakings": "no other undertaking binds in {of}",
    "agreements": "there is no other agreement on {of}",
    "co_developers": "{of} is developed or produced with no one else",
    "parties": "no one else takes part in {of}",
    "knew": "nothing else was known in {of}",
    "owners": "no one else owns {of}",
    "partners": "{of} has no other partner",
    "items": "{of} is about nothing else",
    "steps": "there is no other step",
    "origin": "{of} embodies no one else's controlled content",
    "codes": "{of} is classified under nothing else",
    "flags": "there is no other red flag about {of}",
    "roles": "{of} plays no other role",
    "nationalities": "{of} has no other nationality",
    "listed": "{of} stands on no other list",
    "classes": "{of} is about no other class",
}
"""That a list is all there is."""

NONE: Mapping[str, str] = {
    "content": "nothing is in {of}",
    "reach": "{of} reaches no one",
    "via": "{of} passes through nothing",
    "upstream": "no step comes before {of}",
    "papers": "no paper is attached to {of}",
    "undertakings": "no undertaking binds in {of}",
    "agreements": "there is no agreement on {of}",
    "co_developers": "{of} is developed or produced with no one",
    "parties": "no one takes part in {of}",
    "knew": "nothing was known in {of}",
    "owners": "no one owns {of}",
    "partners": "{of} has no partner",
    "items": "{of} is about nothing",
    "steps": "there is no step",
    "origin": "{of} embodies no one's controlled content",
    "codes": "{of} is on no control list",
    "flags": "there is no red flag about {of}",
    "roles": "{of} plays no role",
    "nationalities": "{of} has no nationality",
    "listed": "{of} stands on no list",
    "classes": "{of} is about no class",
}
"""That a list is empty."""

ANY_MORE: Mapping[str, str] = {
    "content": "does {of} contain anything else?",
    "reach": "whom else does {of} reach?",
    "via": "what else does {of} pass through?",
    "upstream": "which other steps come before {of}?",
    "papers": "which other papers are attached to {of}?",
    "undertakings": "which other undertakings bind in {of}?",
    "agreements": "which other agreements are there on {of}?",
    "co_developers": "with whom else is {of} developed or produced?",
    "parties": "who else takes part in {of}?",
    "knew": "what else did the actor know in {of}?",
    "owners": "who else owns {of}?",
    "partners": "which other partners has {of}?",
    "items": "what else is {of} about?",
    "steps": "which other steps are there?",
    "origin": "whose controlled content does {of} embody besides?",
    "codes": "under what else is {of} classified?",
    "flags": "are there other red flags about {of}?",
    "roles": "what other roles does {of} play?",
    "nationalities": "which other nationalities has {of}?",
    "listed": "on which other lists does {of} stand?",
    "classes": "what other classes is {of} about?",
    "contains": "what else does {of} contain?",
    "made_with": "with what else was {of} made?",
}
"""The question whether a list goes on, where something of it is known."""

ASK_FIRST: Mapping[str, str] = {
    "content": "what does {of} contain, and with what was it made?",
    "reach": "whom does {of} reach?",
    "via": "what does {of} pass through?",
    "upstream": "which steps come before {of}?",
    "parties": "who takes part in {of}?",
    "owners": "who owns {of}?",
    "steps": "which steps are there?",
    "items": "which items are there?",
    "contains": "what does {of} contain?",
    "made_with": "with what was {of} made?",
}
"""The question for a list of which nothing is known, where the vocabulary has none."""

ASK_FIELD: Mapping[str, str] = {
    "name": "what is {of} called?",
    "what": "what is {of}?",
    "share": "what is the share of {of} in {whole}?",
    "depth": "how deep does {of} lie in {whole}?",
    "via": "how is {of} in {whole}?",
    "how": "how does {whole} reach {of}?",
    "part": "what part does {of} play in {whole}?",
    "role": "what part does {of} play?",
    "breached": "does {whole} breach {of}?",
    "covers": "does {of} cover {whole}?",
    "crosses_border": "are sender and recipient of {of} in different countries?",
    "holding.from": "since when has {of} owned its share of {whole}?",
    "holding.to": "until when did {of} own its share of {whole}?",
    "knowledge.how": "how was it known in {whole}?",
    "knowledge.of": "of what use was there knowledge in {whole}?",
}
"""Questions for fields that the vocabulary asks nothing for, since they are derived."""

PRESENT: Mapping[str, tuple[str, str]] = {
    "part": ("{of} is in {whole}", "is {of} in {whole}?"),
    "reached": ("{whole} reaches {of}", "does {whole} reach {of}?"),
    "passed": ("{whole} passes through {of}", "does {whole} pass through {of}?"),
    "earlier": ("{of} comes before {whole}", "does {of} come before {whole}?"),
    "paper": ("{of} is attached to {whole}", "is {of} attached to {whole}?"),
    "undertaking": ("{of} binds in {whole}", "does {of} bind in {whole}?"),
    "agreement": ("{of} is about {whole}", "is {of} about {whole}?"),
    "holding": ("{of} owns a share of {whole}", "does {of} own a share of {whole}?"),
    "participant": ("{of} takes part in {whole}", "does {of} take part in {whole}?"),
    "party": ("{of} is a partner in {whole}", "is {of} a partner in {whole}?"),
    "item": ("{of} is one of the items", "is {of} one of the items?"),
    "step": ("{of} takes place", "does {of} take place?"),
    "knowledge": ("something was known in {whole}", "was anything known in {whole}?"),
    "value": ("it is so that {of}", "is it so that {of}?"),
}
"""That a thing is there at all, and the question whether it is, by the shape of its row."""

UNNAMED: Mapping[str, str] = {
    "party": "a party that is not named",
    "holding": "an owner that is not named",
    "reached": "someone who is not named",
    "passed": "someone on the way who is not named",
    "participant": "a party that is not named",
    "item": "an item that is not named",
    "part": "a part that is not named",
    "paper": "a paper that is not named",
    "undertaking": "an undertaking that is not named",
    "agreement": "an agreement that is not named",
    "earlier": "an earlier step",
    "step": "the step",
    "knowledge": "what was known",
    "scenario": "the scenario",
    "value": "what is not named",
}
"""What a thing is called of which not even the name is known, by the shape of its row."""

PART_UNNAMED: Mapping[str, str] = {
    "to": "the recipient in {whole}",
    "from": "the sender in {whole}",
    "by": "whoever carries out {whole}",
    "end_user": "the end user in {whole}",
    "item": "the item in {whole}",
    "into": "what it is built into in {whole}",
    "issuer": "the issuer of {whole}",
}

SOME: Mapping[str, tuple[str, str]] = {
    "content": ("something in {of}", "everything in {of}"),
    "reach": ("someone that {of} reaches", "everyone that {of} reaches"),
    "via": ("someone on the way of {of}", "everyone on the way of {of}"),
    "upstream": ("a step before {of}", "every step before {of}"),
    "papers": ("a paper of {of}", "every paper of {of}"),
    "undertakings": ("an undertaking that binds in {of}", "every undertaking that binds in {of}"),
    "agreements": ("an agreement on {of}", "every agreement on {of}"),
    "co_developers": ("someone who develops or produces {of} together with others", "everyone who develops or produces {of} together with others"),
    "parties": ("a party to {of}", "every party to {of}"),
    "knew": ("something that was known in {of}", "everything that was known in {of}"),
    "owners": ("an owner of {of}", "every owner of {of}"),
    "partners": ("a partner of {of}", "every partner of {of}"),
    "items": ("an item of {of}", "every item of {of}"),
    "steps": ("a step", "every step"),
}  # fmt: skip
"""An element of a list, and every element, as conditions speak of them."""
