"""Facts of structure in plain words: "the corvette contains the radar"."""

from __future__ import annotations

_SAYS = {
    ("content", "item"): "{of} contains {it}",
    ("tool", "item"): "{of} was made with {it}",
    ("owner", "party"): "{it} holds a share of {of}",
    ("passage", "party"): "{of} passes through {it}",
    ("agreement", "partners"): "{it} is a partner of {of}",
    ("agreement", "items"): "{of} is about {it}",
    ("paper", "issuer"): "{of} was issued by {it}",
    ("paper", "declared_end_user"): "{of} declares {it} as the end user",
    ("paper", "binds"): "{of} binds {it}",
    ("paper", "items"): "{of} covers {it}",
    ("paper", "consignees"): "{of} covers {it} as the recipient",
    ("paper", "end_users"): "{of} covers {it} as the end user",
    ("transfer", "from"): "{it} sends in {of}",
    ("transfer", "to"): "{it} receives in {of}",
    ("transfer", "by"): "{it} carries out {of}",
    ("transfer", "end_user"): "{it} is the end user in {of}",
    ("transfer", "into"): "in {of} it is built into {it}",
    ("transfer", "items"): "{it} is transferred in {of}",
    ("transfer", "papers"): "{it} is attached to {of}",
}

_NOUNS = {
    "contains": "parts",
    "made_with": "means of production",
    "via": "stations on the way",
    "knew": "things known to the actor",
    "forbids": "bans",
    "flags": "red flags",
    "listed": "list memberships",
    "codes": "control-list entries",
    "origin": "origins",
    "binds": "parties bound",
    "consignees": "recipients covered",
    "end_users": "end users covered",
    "end_uses": "end uses",
    "recipients": "kinds of recipient",
    "except_destinations": "excepted destinations",
}


def noun(key: str) -> str:
    """What the elements of a list are called: `parts`, `owners`."""
    return _NOUNS.get(key, key.replace("_", " "))


def holds(shape: str, key: str, of: str, it: str) -> str:
    """That one thing stands to another as the key of the shape tells."""
    return _SAYS.get((shape, key), "{it} is the {key} of {of}").format(
        of=of, it=it, key=key.replace("_", " ")
    )


def complete(key: str, of: str) -> str:
    """That a list is all there is, because it is given."""
    return f"the {noun(key)} of {of} are complete as given"


def no_more(key: str, of: str) -> str:
    """That a list is said to be all there is."""
    return f"{of} has no other {noun(key)} than those given"


def nothing(key: str, of: str) -> str:
    """That a list is empty."""
    return f"{of} has no {noun(key)}"


def perhaps_more(key: str, of: str) -> str:
    """That a list may go on."""
    return f"{of} may have more {noun(key)} than those given"


def not_known(key: str, of: str) -> str:
    """That nothing is known of a list."""
    return f"the {noun(key)} of {of} are not known"


def limited(key: str, of: str) -> str:
    """That of some values nothing further is in a list."""
    match key:
        case "codes":
            return f"{of} has no other entries on the control lists that are named"
        case "listed":
            return f"{of} stands on no other of the lists that it was screened against"
        case _:
            return f"{of} has no other {noun(key)} of those ruled out"
