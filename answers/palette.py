"""How verdicts look in pictures: a fill that colour-blind readers can tell apart, and a letter that needs no
colour.  What is undetermined is as loud as what crosses: it must never look like a clear."""

from __future__ import annotations

from collections.abc import Mapping

from redline.rules.verdicts import Verdict

FILL: Mapping[Verdict, str] = {
    Verdict.CROSSES: "#B2182B",
    Verdict.UNDETERMINED: "#F5A623",
    Verdict.REQUIRES_ASSESSMENT: "#8E5BB5",
    Verdict.AUTHORISED: "#4393C3",
    Verdict.NOT_CROSSED: "#D7E5EE",
    Verdict.NOT_APPLICABLE: "#F3F3F3",
}
"""Dark red, amber, violet, blue, pale blue, near white: each differs in lightness too, so that they stay
apart in grey and for readers who do not tell red from green."""
IMPOSSIBLE = "#111111"
"""The fill of what cannot be so and was not judged: black, so that nobody takes it for a clear; words on it
are white."""
INK: Mapping[Verdict, str] = {
    verdict: "#FFFFFF" if verdict in (Verdict.CROSSES, Verdict.REQUIRES_ASSESSMENT) else "#1A1A1A"
    for verdict in Verdict
}
"""The colour of words on each fill."""
EDGE: Mapping[Verdict, str] = {
    Verdict.CROSSES: "#B2182B",
    Verdict.UNDETERMINED: "#955B00",
    Verdict.REQUIRES_ASSESSMENT: "#6F3F96",
}
"""The colour of lines, and of words on white, of verdicts that are no negatives: dark enough on white."""
LETTER: Mapping[Verdict, str] = {
    Verdict.CROSSES: "X",
    Verdict.UNDETERMINED: "?",
    Verdict.REQUIRES_ASSESSMENT: "A",
    Verdict.AUTHORISED: "H",
    Verdict.NOT_CROSSED: "n",
    Verdict.NOT_APPLICABLE: "-",
}
"""A letter for each, where a cell has room for no more."""
