"""`dataclass` and `replace` as in `dataclasses`, for frozen records with slots: made in a small part of the
time, which for some 150 records is most of what a short command takes.

What `dataclasses` compiles anew for each class (comparing, hashing, writing, refusing to be changed) is here
the same few functions for all; how a record is made is compiled when the first of its class is.  Everything
else, and what `dataclasses.fields` asks for, is left to `dataclasses`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, FrozenInstanceError, field
from operator import attrgetter
from typing import TYPE_CHECKING

__all__ = ["dataclass", "field", "replace"]

if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:
    _ABSENT = object()

    def dataclass(cls=None, /, *, frozen=False, slots=False):
        """As `dataclasses.dataclass`."""
        if cls is None:
            return lambda cls: dataclass(cls, frozen=frozen, slots=slots)
        if not (frozen and slots) or any(hasattr(base, "__dataclass_fields__") for base in cls.__bases__):
            return dataclasses.dataclass(cls, frozen=frozen, slots=slots)
        return _record(cls)

    def replace(record, /, **changes):
        """As `dataclasses.replace`."""
        if "_made" not in type(record).__dict__:
            return dataclasses.replace(record, **changes)
        cls = type(record)
        values = [changes.pop(name) if name in changes else getattr(record, name) for name in cls.__slots__]
        return cls(*values, **changes)

    def _record(cls):
        names = tuple(cls.__annotations__)
        defaults = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
        plain = {n: d.default if isinstance(d, dataclasses.Field) else d for n, d in defaults.items()}
        makers = {n: d.default_factory for n, d in defaults.items() if isinstance(d, dataclasses.Field)}
        unequal = {n for n, d in defaults.items() if isinstance(d, dataclasses.Field) and not d.compare}
        unwritten = {n for n, d in defaults.items() if isinstance(d, dataclasses.Field) and not d.repr}
        compared = _values(tuple(name for name in names if name not in unequal))
        written = tuple(name for name in names if name not in unwritten)

        def first(self, *args, **kwargs):
            cls.__init__ = _init(cls, names, plain, makers)
            cls.__init__(self, *args, **kwargs)

        def equal(self, other):
            return compared(self) == compared(other) if other.__class__ is cls else NotImplemented

        def hashed(self):
            return hash(compared(self))

        def shown(self):
            return f"{cls.__qualname__}({', '.join(f'{n}={getattr(self, n)!r}' for n in written)})"

        def reduced(self):
            return cls, tuple(getattr(self, name) for name in names)

        own = {
            key: value
            for key, value in cls.__dict__.items()
            if key not in _OF_THE_FIRST and key not in defaults
        }
        made = {
            "__init__": first, "__eq__": equal, "__hash__": hashed, "__repr__": shown,
            "__reduce__": reduced, "__setattr__": _frozen, "__delattr__": _frozen,
            "__dataclass_fields__": _Fields(cls), "__match_args__": names, "_made": True,
        }  # fmt: skip
        cls = type(cls)(cls.__name__, cls.__bases__, {**made, **own, "__slots__": names})
        return cls

    _OF_THE_FIRST = frozenset({"__dict__", "__weakref__"})

    def _values(names):
        """The values of several attributes, always as a tuple."""
        if len(names) > 1:
            return attrgetter(*names)
        if not names:
            return lambda _: ()
        only = attrgetter(*names)
        return lambda record: (only(record),)

    def _frozen(self, name, *_):
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def _init(cls, names, plain, makers):
        """How a record of the class is made, compiled."""
        known = {"_absent": _ABSENT}
        arguments, body = [], []
        for name in names:
            known[f"_set_{name}"] = cls.__dict__[name].__set__
            value = name
            if makers.get(name, MISSING) is not MISSING:
                known[f"_make_{name}"] = makers[name]
                arguments.append(f"{name}=_absent")
                value = f"_make_{name}() if {name} is _absent else {name}"
            elif plain.get(name, MISSING) is not MISSING:
                known[f"_default_{name}"] = plain[name]
                arguments.append(f"{name}=_default_{name}")
            else:
                arguments.append(name)
            body.append(f"_set_{name}(self, {value})")
        if hasattr(cls, "__post_init__"):
            body.append("self.__post_init__()")
        text = f"def __init__(self, {', '.join(arguments)}): {'; '.join(body) or 'pass'}"
        exec(text, known)  # noqa: S102  # names of fields alone, as in `dataclasses`
        return known["__init__"]

    class _Fields:
        """What `dataclasses.fields` asks for, found when it is asked for."""

        def __init__(self, first):
            self.first = first

        def __get__(self, record, cls):
            whole = dataclasses.dataclass(frozen=True)(self.first)
            cls.__dataclass_fields__ = found = whole.__dataclass_fields__
            return found
