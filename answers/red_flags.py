"""The red-flag questionnaire: what to ask to find out whether a red flag is raised."""

from __future__ import annotations

from collections.abc import Mapping

from redline.rules.terms import FLAG

QUESTIONS: Mapping[str, str] = {
    "end-user-unverified": "is the end user's name missing, or has nobody checked it?",
    "business-does-not-fit": "are the goods foreign to the buyer's line of business?",
    "refuses-end-use-detail": "does the buyer hold back what the goods are for?",
    "unusual-payment": "is payment offered in cash, or above the usual price?",
    "declines-installation": "does the buyer turn down installation, training or the warranty?",
    "forwarder-as-final-consignee": "is a freight forwarder named as the one who receives last?",
    "route-makes-no-sense": "is the route one that nobody would choose for its cost or speed?",
    "new-intermediary": "is someone on the way newly founded, or did they move lately?",
    "diversion-hub": "is the destination known as a place from which goods are passed on?",
    "order-exceeds-capacity": "is more ordered than the end user could use?",
    "military-links": "has anyone involved ties to armed forces or security services?",
    "ownership-unresolved": "is it unknown who owns half or more of anyone involved?",
    "documents-inconsistent": "do signatories, stamps or dates of the documents not agree?",
    "foreign-national-access": "would nationals of other countries get at the technology?",
    "onward-sale-clause": "does the contract leave the buyer free to sell on?",
    "prior-refusal": "has another state refused the same before?",
    "volume-jump": "has trade of this kind jumped lately?",
    "no-serial-numbers": "do the goods lack serial numbers?",
    "undisclosed": "was something about it kept from those who had to know?",
}
"""By red flag: the question to which yes means that it is raised; in the words of nobody else."""


def flag_question(term: str) -> str:
    """What to ask of a red flag, also of one that a policy added below another."""
    return next((QUESTIONS[t] for t in FLAG.line(term) if t in QUESTIONS), "")
