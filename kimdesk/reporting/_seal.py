"""The token a release is built with. Only `kimdesk.reporting.disclosure` and `release` may import this module.

Python cannot make this impossible to get round, but nobody gets round it by mistake: a release built
anywhere else raises at once, and a test reads all imports.
"""

from __future__ import annotations


class Seal:
    """The type of the one token."""

    __slots__ = ()


SEAL = Seal()


def require(seal: Seal) -> None:
    """Raise `TypeError` unless `seal` is the one token."""
    if seal is not SEAL:
        raise TypeError("only kimdesk.reporting.disclosure builds a release")
