"""The closed vocabulary: what a scenario may state and what a rule may ask, in one place.

`STATED` are the shapes of scenarios; `ASKED` are the shapes of the records that rules see, after
derivation.  Reading, checking, derivation, the JSON Schema and the reference pages follow these
tables, and a policy may add facts of its own to a party, an item, a paper or a transfer.
"""

from __future__ import annotations

from redline.rules.shapes import DAY, ITEM, LISTED, PAPER, PARTY, TEXT, YES, Field, Shape, Sub, amount, tree

EDITION = "1"
"""The edition of the language that every file names first: `redline: 1`."""


def _shape(
    name: str, means: str, *things: Field | Sub, many: tuple[Field, ...] = (), parts: tuple[Sub, ...] = ()
) -> Shape:
    return Shape(
        name,
        means,
        fields={t.name: t for t in things if isinstance(t, Field)},
        many={t.name: t for t in many},
        parts={t.name: t for t in parts},
        lists={t.name: t for t in things if isinstance(t, Sub)},
    )


_NAME = Field("name", TEXT, "what it is called")

# --- what a scenario may state -----------------------------------------------------------------

_PARTY_FACTS = (
    _NAME,
    Field(
        "country",
        tree("country"),
        "the country in which it is established",
        "in which country is {of} established?",
    ),
    Field("kind", tree("party_kind"), "what kind of party it is", "what kind of party is {of}?"),
)
_PARTY_MANY = (
    Field("roles", tree("role"), "the parts it plays in trade", "what roles does {of} play?", complete=False),
    Field("nationalities", tree("country"), "the nationalities of a person", "which nationalities has {of}?"),
    Field("flags", tree("flag"), "red flags seen", "are there red flags about {of}?", complete=False),
)
_ITEM_FACTS = (
    _NAME,
    Field("what", TEXT, "what it is, in words"),
    Field("class", tree("class"), "its class, in the terms of the documents", "of what class is {of}?"),
    Field(
        "form",
        tree("form"),
        "hardware, software, technology or service",
        "is {of} hardware, software, technology or a service?",
    ),
    Field("made_in", tree("country"), "the country in which it was made", "where was {of} made?"),
    Field(
        "military", YES, "whether it is specially designed or modified for military use", "is {of} military?"
    ),
    Field("sensitivity", tree("sensitivity"), "whether it is sensitive", "is {of} sensitive?"),
    Field("quantity", amount("count"), "how many there are", "how many of {of} are there?"),
    Field("value", amount("money"), "its value, in a currency", "what is the value of {of}?"),
)
_ITEM_MANY = (
    Field(
        "codes",
        tree("code"),
        "its entries on control lists; complete for each list that is named",
        "how is {of} classified?",
    ),
    Field(
        "origin",
        tree("country"),
        "each country whose controlled content it embodies",
        "whose controlled content does {of} embody?",
    ),
    Field("flags", tree("flag"), "red flags seen", "are there red flags about {of}?", complete=False),
)
_PAPER_FACTS = (
    _NAME,
    Field("kind", tree("paper_kind"), "what kind of paper it is", "what kind of paper is {of}?"),
    Field(
        "state", tree("paper_state"), "held, pending, refused, revoked, expired or absent", "is {of} held?"
    ),
    Field("issued", DAY, "the day on which it was issued", "when was {of} issued?"),
    Field("from", DAY, "the first day on which it is valid", "from when is {of} valid?"),
    Field("to", DAY, "the last day on which it is valid", "until when is {of} valid?"),
    Field("declared_use", tree("end_use"), "the end use that it declares", "what end use does {of} declare?"),
    Field(
        "declared_place",
        tree("country"),
        "the place of use that it declares",
        "what place of use does {of} declare?",
    ),
)
_TRANSFER_FACTS = (
    Field("activity", tree("activity"), "what is done", "what is done in {of}?"),
    Field("contract", DAY, "the day of the contract", "when was {of} contracted?"),
    Field("delivery", DAY, "the day of the delivery or of the act", "when is {of} carried out?"),
    Field("end_use", tree("end_use"), "what it will be used for", "what is the end use in {of}?"),
    Field("place_of_use", tree("country"), "where it will be used", "where will it be used after {of}?"),
    Field(
        "status",
        tree("status"),
        "how far it has come; changes no verdict unless a rule asks",
        "how far has {of} come?",
    ),
)
_AGREEMENT_FACTS = (
    _NAME,
    Field("kind", tree("agreement_kind"), "what kind of agreement it is", "what kind of agreement is {of}?"),
    Field("state", tree("agreement_state"), "how far it has come", "is {of} in force?"),
    Field("from", DAY, "the first day on which it holds", "from when does {of} hold?"),
    Field("to", DAY, "the last day on which it holds", "until when does {of} hold?"),
)

STATED: dict[str, Shape] = {
    shape.name: shape
    for shape in (
        _shape(
            "party",
            "someone who takes part",
            *_PARTY_FACTS,
            Field("screened_on", DAY, "the day of its screening against lists", "when was {of} screened?"),
            Sub("owners", "owner", "who owns it", "who owns {of}?", complete=False),
            many=(
                *_PARTY_MANY,
                Field(
                    "listed",
                    LISTED,
                    "the lists on which it stands",
                    "on which lists does {of} stand?",
                    complete=False,
                ),
            ),
        ),
        _shape(
            "owner",
            "a share of a party, and whose it is",
            Field("party", PARTY, "the owner"),
            Field("share", amount("share"), "the share held", "what share does {of} hold?"),
            Field("from", DAY, "the first day on which it was held", "since when?"),
            Field("to", DAY, "the last day on which it was held", "until when?"),
        ),
        _shape(
            "item",
            "something that may be transferred",
            *_ITEM_FACTS,
            Sub("contains", "content", "the items built into it", "what does {of} contain?"),
            Sub(
                "made_with",
                "tool",
                "the technology or plant of which it is the direct product",
                "with what was {of} made?",
            ),
            many=_ITEM_MANY,
        ),
        _shape(
            "content",
            "a part of an item",
            Field("item", ITEM, "the part"),
            Field(
                "share",
                amount("share"),
                "its share of the value of the whole",
                "what share of the value is {of}?",
            ),
        ),
        _shape(
            "tool",
            "what an item was made with",
            Field("item", ITEM, "the technology, software, plant or equipment"),
        ),
        _shape(
            "agreement",
            "an agreement to work together",
            *_AGREEMENT_FACTS,
            many=(
                Field("partners", PARTY, "the parties to it", "who are the partners of {of}?"),
                Field("items", ITEM, "the items it is about", "what is {of} about?"),
                Field(
                    "classes",
                    tree("class"),
                    "the classes of items it is about",
                    "what classes is {of} about?",
                ),
            ),
        ),
        _shape(
            "paper",
            "a grant, an undertaking, a clause or another paper",
            *_PAPER_FACTS,
            Field("issuer", PARTY, "who gave it", "who issued {of}?"),
            Field(
                "declared_end_user",
                PARTY,
                "the end user that it declares",
                "whom does {of} name as the end user?",
            ),
            Sub(
                "forbids", "ban", "what it forbids to those it binds", "what does {of} forbid?", complete=True
            ),
            many=(
                Field(
                    "binds",
                    PARTY,
                    "those whom it binds; with nothing said, the recipient of what it is attached to and all after",
                    "whom does {of} bind?",
                ),
                Field("items", ITEM, "the items it covers", "which items does {of} cover?"),
                Field(
                    "codes",
                    tree("code"),
                    "the control-list entries it covers",
                    "which entries does {of} cover?",
                ),
                Field("classes", tree("class"), "the classes it covers", "which classes does {of} cover?"),
                Field(
                    "activities",
                    tree("activity"),
                    "the activities it covers",
                    "which activities does {of} cover?",
                ),
                Field(
                    "destinations",
                    tree("country"),
                    "the countries to which it covers transfers",
                    "which destinations does {of} cover?",
                ),
                Field("consignees", PARTY, "the recipients it covers", "which recipients does {of} cover?"),
                Field("end_users", PARTY, "the end users it covers", "which end users does {of} cover?"),
            ),
        ),
        _shape(
            "ban",
            "something that a paper forbids; what is not said is not limited",
            many=(
                Field("activities", tree("activity"), "the activities forbidden"),
                Field("destinations", tree("country"), "the countries that it may not reach"),
                Field("end_uses", tree("end_use"), "the uses forbidden"),
                Field("recipients", tree("party_kind"), "the kinds of party that may not receive it"),
                Field("except_destinations", tree("country"), "countries for which it is not forbidden"),
            ),
        ),
        _shape(
            "knowledge",
            "what the actor knew",
            Field("how", tree("knowledge"), "told by an authority, aware, suspecting", "how was it known?"),
            Field("of", tree("end_use"), "the end use it was knowledge of", "knowledge of what?"),
        ),
        _shape(
            "passage",
            "someone or some place on the way",
            Field("party", PARTY, "who it passes through"),
            Field("role", tree("role"), "the part played", "what part does {of} play?"),
        ),
        _shape(
            "transfer",
            "something that happens, or would",
            *_TRANSFER_FACTS,
            Field("from", PARTY, "who sends, or provides", "who sends in {of}?"),
            Field("to", PARTY, "who receives", "who receives in {of}?"),
            Field("by", PARTY, "who carries it out, if not the sender", "who carries out {of}?"),
            Field("end_user", PARTY, "who will use it", "who is the end user in {of}?"),
            Field("into", ITEM, "the item into which it is built", "what is it built into in {of}?"),
            Sub(
                "via",
                "passage",
                "whom and what it passes through; nothing said: nothing",
                "what does it pass through in {of}?",
            ),
            Sub(
                "knew", "knowledge", "what the actor knew", "what did the actor know in {of}?", complete=False
            ),
            many=(
                Field("items", ITEM, "what is transferred", "what is transferred in {of}?"),
                Field(
                    "papers",
                    PAPER,
                    "the papers attached",
                    "which papers are attached to {of}?",
                    complete=False,
                ),
                Field(
                    "flags", tree("flag"), "red flags seen", "are there red flags about {of}?", complete=False
                ),
            ),
        ),
    )
}

# --- what a rule may ask, after derivation -----------------------------------------------------

_ASKED_PARTY_MANY = (
    *_PARTY_MANY,
    Field(
        "listed", LISTED, "the lists on which it stands", "on which lists does {of} stand?", complete=False
    ),
)
_SCREENED = Field("screened_on", DAY, "the day of its screening against lists", "when was {of} screened?")
_CROSSES = Field("crosses_border", YES, "whether sender and recipient are in different countries")
_STEP_PARTS = (
    Sub("item", "item", "what is transferred"),
    Sub("from", "party", "who sends"),
    Sub("to", "party", "who receives"),
    Sub("by", "party", "who carries it out: the sender, unless another is named"),
    Sub("end_user", "party", "who will use it"),
)
_HOW_REACHED = Field("how", tree("reach_how"), "how the step reaches it")

_GOOD = Field(
    "good", YES, "whether it is held, and valid on the day of the step", "is {of} held and valid on the day?"
)

ASKED: dict[str, Shape] = {
    shape.name: shape
    for shape in (
        _shape(
            "party", STATED["party"].means, *_PARTY_FACTS, _SCREENED,
            Sub("owners", "holding", "who owns it directly", complete=False),
            many=_ASKED_PARTY_MANY,
        ),
        _shape(
            "holding", "an owner, and what it owns", *_PARTY_FACTS,
            Field("share", amount("share"), "the share held"),
            Field("from", DAY, "the first day on which it was held"),
            Field("to", DAY, "the last day on which it was held"),
            many=_ASKED_PARTY_MANY,
        ),
        _shape("item", STATED["item"].means, *_ITEM_FACTS, Sub("content", "part", "all that is in it, itself among it"), many=_ITEM_MANY),
        _shape(
            "part", "something that an item consists of or was made with, at any depth; the item itself is the first", *_ITEM_FACTS,
            Field("via", tree("content_via"), "how it is in it"),
            Field("depth", amount("count"), "how deep it is: 0 for the item itself"),
            Field("share", amount("share"), "its share of the value of the whole, through containment alone"),
            many=_ITEM_MANY,
        ),
        _shape(
            "reached", "someone or some place that the step reaches", *_PARTY_FACTS, _SCREENED, _HOW_REACHED,
            many=_ASKED_PARTY_MANY,
        ),
        _shape(
            "passed", "someone or some place on the way", *_PARTY_FACTS, _SCREENED,
            Field("role", tree("role"), "the part played"),
            many=_ASKED_PARTY_MANY,
        ),
        _shape(
            "participant", "a party to the step, in whatever role", *_PARTY_FACTS, _SCREENED,
            Field("part", tree("part_in"), "its part in the step"),
            Sub("owners", "holding", "who owns it directly", complete=False),
            Sub("issued", "paper", "the papers of the step that it has issued", "which papers has {of} issued?", complete=False),
            many=_ASKED_PARTY_MANY,
        ),
        _shape("knowledge", STATED["knowledge"].means, *STATED["knowledge"].fields.values()),
        _shape(
            "earlier", "an earlier step of the item, or of what is in it", *_TRANSFER_FACTS, _CROSSES,
            parts=_STEP_PARTS,
        ),
        _shape(
            "paper", STATED["paper"].means, *_PAPER_FACTS,
            _GOOD,
            Field("covers", YES, "whether it covers this step", "does {of} cover this step?"),
            parts=(Sub("issuer", "party", "who gave it"),),
        ),
        _shape(
            "undertaking", "a promise that binds someone in this step", *_PAPER_FACTS,
            _GOOD,
            Field("breached", YES, "whether this step does what the paper forbids, or contradicts what it declares"),
            parts=(Sub("issuer", "party", "who gave it"),),
        ),
        _shape(
            "agreement", STATED["agreement"].means, *_AGREEMENT_FACTS,
            Sub("partners", "party", "the parties to it", "who are the partners of {of}?"),
            Sub("items", "item", "the items it is about", "what is {of} about?"),
            many=(Field("classes", tree("class"), "the classes of items it is about", "what classes is {of} about?"),),
        ),
        _shape(
            "step", "one transfer of one item, with all that is upstream of it", *_TRANSFER_FACTS, _CROSSES,
            Sub("content", "part", "all that the item consists of or was made with, itself among it", "what does {of} contain?"),
            Sub("reach", "reached", "each country and party that the step reaches"),
            Sub("via", "passed", "whom and what it passes through"),
            Sub("upstream", "earlier", "every earlier step of the item and of all inside it"),
            Sub("papers", "paper", "the papers attached to the step", "which papers cover {of}?", complete=False),
            Sub("undertakings", "undertaking", "the undertakings that bind someone in the step", "which undertakings bind in {of}?", complete=False),
            Sub("agreements", "agreement", "the agreements on the item or on what is in it", "which agreements are there on {of}?"),
            Sub("co_developers", "party", "the partners with whom the item, or what is in it, is developed or produced", "with whom is {of} developed or produced?"),
            Sub("parties", "participant", "all the parties to the step"),
            Sub("knew", "knowledge", "what the actor knew", "what did the actor know in {of}?", complete=False),
            many=(Field("flags", tree("flag"), "red flags seen", "are there red flags about {of}?", complete=False),),
            parts=(*_STEP_PARTS, Sub("into", "item", "the item into which it is built")),
        ),
        _shape(
            "scenario", "the whole scenario",
            Sub("steps", "step", "every step"), Sub("items", "item", "every item"), Sub("parties", "party", "every party"),
            Sub("agreements", "agreement", "every agreement", "which agreements are there?"),
            Sub("papers", "paper", "every paper", "which papers are there?", complete=False),
        ),
    )
}  # fmt: skip

COVERS = ("items", "codes", "classes", "activities", "destinations", "consignees", "end_users")
"""The limits that a paper may state of what it covers."""

SUBJECTS = {
    "step": "each step",
    "item": "each item",
    "agreement": "each agreement",
    "scenario": "the scenario",
}
"""What a rule may range over, and how a policy says it after `for:`."""

EXTENSIBLE = {
    "party": ("party", "holding", "reached", "passed", "participant"),
    "item": ("item", "part"),
    "paper": ("paper", "undertaking"),
    "transfer": ("step", "earlier"),
}
"""What a policy may add facts to, and the shapes of records that then have them."""

_STATED_IN = {
    **{record: stated for stated, records in EXTENSIBLE.items() for record in records},
    "agreement": "agreement",
    "knowledge": "knowledge",
}
_STATED_BESIDE = {"holding": "owner", "passed": "passage"}


def states(shape: str, name: str) -> bool:
    """Whether a scenario states the field of a record of the shape by itself; else it follows from others."""
    if name not in {**ASKED[shape].fields, **ASKED[shape].many}:
        return True  # a fact that a policy declares
    beside = (_STATED_IN.get(shape), _STATED_BESIDE.get(shape))
    return any(name in STATED[stated].names() for stated in beside if stated is not None)
