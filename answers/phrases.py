"""The sentences of an answer, as tables: what is said of each field, list and part, with defaults for
the rest, so that a fact that a policy declares reads well too.

`{of}` is whom or what the sentence is about, `{it}` the value, `{a}` the value with its article,
`{when}` a date with its preposition, `{content}` controlled content of a country, `{whole}` what `{of}`
stands in (the step, the item, the party that owns).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from redline.engine.characters import visible
from redline.rules.frozen import dataclass
from redline.rules.shapes import Field


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is said where a value is so, and where it is known only what it is not."""

    so: str
    not_so: str


FIELD_TABLE = """
name: {of} [is|is not] called {it}
what: {of} [is|is not] described as {it}
country: {of} [is|is not] in {it}
kind: {of} [is|is not] {a}
agreement.kind: {of} is [an|no] agreement of the kind {it}
roles: {of} [acts|does not act] as {a}
nationalities: {of} is [a|no] national of {it}
flags: there is [a|no] red flag about {of}: {it}
listed: {of} [stands|does not stand] on the list {it}
screened_on: {of} [was|was not] screened {when}
class: {of} [is|is not] of the class {it}
form: {of} [is|is not] {a}
made_in: {of} [was|was not] made in {it}
military: {of} [is|is not] military
sensitivity: {of} [is|is not] {it}
quantity: the quantity of {of} [is|is not] {it}
value: the value of {of} [is|is not] {it}
codes: {of} [is|is not] classified under {it}
origin: {of} [embodies|embodies no] {content}
classes: {of} [is|is not] about the class {it}
issued: {of} [was|was not] issued {when}
paper.from: the first day on which {of} is valid [is|is not] {it}
paper.to: the last day on which {of} is valid [is|is not] {it}
agreement.from: the first day on which {of} holds [is|is not] {it}
agreement.to: the last day on which {of} holds [is|is not] {it}
holding.share: {of} [holds|does not hold] {it} of {whole}
holding.from: the first day on which {of} held its share of {whole} [is|is not] {it}
holding.to: the last day on which {of} held its share of {whole} [is|is not] {it}
part.share: {of} [makes|does not make] up {it} of the value of {whole}
depth: the depth of {of} in {whole} [is|is not] {it}
good: {of} [is|is not] held and valid on the day
declared_use: {of} [declares|does not declare] as the end use: {it}
declared_place: {of} [declares|does not declare] {it} as the place of use
covers: {of} [covers|does not cover] {whole}
breached: {of} [is|is not] breached by {whole}
activity: {of} [is|is not] {a}
contract: {of} [is|is not] contracted {when}
delivery: {of} [is|is not] carried out {when}
end_use: the end use in {of} [is|is not] {it}
place_of_use: after {of} it [is|is not] used in {it}
status: {of} [is|is not] {it}
crosses_border: {of} [goes from one country to another|stays inside one country]
state: the state of {of} [is|is not] {it}
via: {of} [is|is not] in {whole} in this way: {it}
how: {of} [is|is not] reached by {whole} in this way: {it}
part: {of} [plays|does not play] this part in {whole}: {it}
role: {of} [stands|does not stand] on the way as {a}
knowledge.how: {of} [was|was not] known in this way: {it}
knowledge.of: {of} [is|is not] of this use: {it}
"""
TERM_TABLE = """
paper_state held: {of} [is|is not] held
paper_state pending: {of} [is|is not] pending
paper_state refused: {of} [was|was not] refused
paper_state revoked: {of} [was|was not] revoked
paper_state expired: {of} [has|has not] expired
paper_state absent: {of} is [stated to be|not] absent
agreement_state proposed: {of} [is|is not] under discussion
agreement_state signed: {of} [is|is not] signed
agreement_state in-force: {of} [is|is not] in force
agreement_state ended: {of} [has|has not] ended
sensitivity not-sensitive: {of} is [not|] sensitive
content_via itself: {of} [is|is not] the item itself
content_via contained: {of} [is|is not] built into {whole}
content_via made-with-technology: {of} [is|is not] technology with which {whole} was made
content_via made-with-plant: {of} [is|is not] plant with which {whole} was made
reach_how holder: {of} [receives|does not receive] it in {whole}
reach_how transit: {of} [lies|does not lie] on the way of {whole}
reach_how end-user: {of} [is|is not] the end user in {whole}
reach_how place-of-use: {of} [is|is not] where it is used after {whole}
reach_how nationality: {of} [is|is not] reached through a nationality
part_in sender: {of} [sends|does not send] in {whole}
part_in recipient: {of} [receives|does not receive] in {whole}
part_in intermediary: {of} [stands|does not stand] on the way in {whole}
part_in end-user: {of} [is|is not] the end user in {whole}
part_in actor: {of} [carries|does not carry] out {whole}
status cancelled: {of} [was|was not] cancelled
status proposed: {of} is [proposed|no mere proposal]
status under-way: {of} [is|is not] under way
"""
"""Terms of which something better can be said than their field says."""


def _table(text: str) -> dict[str, Phrase]:
    """A phrase a line, under a name; `[a|b]` is `a` where it is so and `b` where it is not."""
    found = {}
    for line in text.strip().splitlines():
        name, _, template = line.partition(": ")
        so, not_so = (" ".join(_CHOICE.sub(choice, template).split()) for choice in (r"\1", r"\2"))
        found[name] = Phrase(so, not_so)
    return found


_CHOICE = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")
_FIELDS, _TERMS = _table(FIELD_TABLE), _table(TERM_TABLE)
_NO_BRACES = str.maketrans("{}", "()")


def fill(template: str, **given: str) -> str:
    """The template with its blanks filled; what is filled in is not looked at again."""
    return re.sub(r"\{(\w+)\}", lambda blank: given.get(blank[1], blank[0]), template)


def of_field(shape: str, field: Field) -> Phrase:
    """What is said of a field of rows of that shape."""
    kin = {"undertaking": "paper", "earlier": "step", "step": "step"}.get(shape, shape)
    found = (
        _FIELDS.get(f"{shape}.{field.name}") or _FIELDS.get(f"{kin}.{field.name}") or _FIELDS.get(field.name)
    )
    if found is not None:
        return found
    words = visible(field.name.replace("_", " ")).translate(_NO_BRACES)
    if field.type.of == "yes_no":
        return Phrase(f"“{words}” holds of {{of}}", f"“{words}” does not hold of {{of}}")
    return Phrase(f"the {words} of {{of}} is {{it}}", f"the {words} of {{of}} is not {{it}}")


def of_term(tree: str, term: str) -> Phrase | None:
    """What is said of a term, where that is more than its field says."""
    return _TERMS.get(f"{tree} {term}")


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
    "issued": "{of} has issued no other paper",
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
    "issued": "{of} has issued no paper",
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
    "issued": "which other papers has {of} issued?",
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
    "issued": "which papers has {of} issued?",
    "steps": "which steps are there?",
    "items": "which items are there?",
    "contains": "what does {of} contain?",
    "made_with": "with what was {of} made?",
    "covers": "what does {of} cover?",
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
    "breached": "what does {of} forbid, and does {whole} breach it?",
    "covers": "does {of} cover {whole}?",
    "crosses_border": "are sender and recipient of {of} in different countries?",
    "holding.from": "since when has {of} owned its share of {whole}?",
    "holding.to": "until when did {of} own its share of {whole}?",
    "knowledge.how": "how was it known in {whole}?",
    "knowledge.of": "of what use was there knowledge in {whole}?",
}
"""Questions for fields that the vocabulary asks nothing for, since they are derived."""

ASK_ALL: Mapping[str, str] = {
    "transfers": "which steps are there?",
    "items": "which items are there?",
    "parties": "which parties are there?",
    "papers": "which papers are there?",
    "agreements": "which agreements are there?",
}
"""The question for a section of the scenario as a whole."""

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
    "co_developers": (
        "someone who develops or produces {of} together with others",
        "everyone who develops or produces {of} together with others",
    ),
    "parties": ("a party to {of}", "every party to {of}"),
    "knew": ("something that was known in {of}", "everything that was known in {of}"),
    "owners": ("an owner of {of}", "every owner of {of}"),
    "issued": ("a paper that {of} has issued", "every paper that {of} has issued"),
    "partners": ("a partner of {of}", "every partner of {of}"),
    "items": ("an item of {of}", "every item of {of}"),
    "steps": ("a step", "every step"),
}
"""An element of a list, and every element, as conditions speak of them."""

ANOTHER: Mapping[str, str] = {
    "content": "another part or tool",
    "reach": "another party or place",
    "via": "another party on the way",
    "upstream": "another step before",
    "papers": "another paper",
    "undertakings": "another undertaking",
    "agreements": "another agreement",
    "co_developers": "another partner",
    "parties": "another party",
    "owners": "another owner",
    "issued": "another paper",
    "partners": "another partner",
    "items": "another item",
    "steps": "another step",
}
"""An element that is not listed."""
