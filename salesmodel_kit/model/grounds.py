"""Grounds: what a number rests on, and the weakest of several.

Measured comes from the client's data, judged from people, assumed from a
default. What is computed from several numbers rests on the weakest of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

#: Derived performance -> the columns of accounts that it is computed from.
DERIVED_FROM: Mapping[str, tuple[str, ...]] = {
    "wallet_share": ("potential_per_year", "sales_per_year"),
    "untapped_potential_per_year": ("potential_per_year", "sales_per_year"),
    "employees_at_least": ("employees", "size_band"),
}
#: Basis of a number that may be a measurement or a guess, and for which nobody has said which.
UNDECLARED = "undeclared"
_BASES = ("assumed", "judged", UNDECLARED, "measured")


@dataclass(frozen=True)
class PresentHours:
    """What the hours of today rest on.

    Parameters
    ----------
    recorded_basis : {"measured", "judged", "assumed", "undeclared"}
        What recorded hours rest on.
    source : str
        Where recorded hours come from, in the client's words; may be empty.
    n_recorded, n_estimated : int
        Accounts with recorded hours, and those whose calls alone are known.
    hours_estimated, hours : float
        Hours per year estimated from calls, and all hours known.
    """

    recorded_basis: str
    source: str
    n_recorded: int
    n_estimated: int
    hours_estimated: float
    hours: float

    @property
    def basis(self) -> str | None:
        """Return ``mixed`` (recorded and from calls), the one basis that holds, or None (nothing recorded)."""
        if self.n_recorded and self.n_estimated:
            return "mixed"
        if self.n_recorded:
            return self.recorded_basis
        return "assumed" if self.n_estimated else None


def find_weakest_basis(bases: Iterable[str]) -> str:
    """Return the weakest of several bases.

    Parameters
    ----------
    bases : iterable of {"measured", "undeclared", "judged", "assumed"}
        At least one.

    Returns
    -------
    str
        ``assumed`` before ``judged`` before ``undeclared`` before ``measured``.

    Examples
    --------
    >>> find_weakest_basis(["measured", "judged"])
    'judged'
    """
    return min(bases, key=_BASES.index)


def describe_present_hours(
    recorded: pd.Series, present_hours: pd.Series, *, basis: str = "measured", source: str = ""
) -> PresentHours:
    """Return what the hours of today rest on.

    Parameters
    ----------
    recorded : Series (n_accounts,)
        Hours per year as the client recorded them; missing: not recorded.
    present_hours : Series (n_accounts,)
        The same with what was estimated from calls, in the same order.
    basis, source : str
        What the recorded hours rest on, as the client declared it.

    Returns
    -------
    PresentHours
        Accounts and hours, recorded and estimated.

    Examples
    --------
    >>> hours = describe_present_hours(pd.Series([10.0, None]), pd.Series([10.0, 4.5]))
    >>> hours.basis, hours.n_estimated, hours.hours_estimated
    ('mixed', 1, 4.5)
    """
    is_recorded = recorded.notna().to_numpy()
    hours = present_hours.to_numpy(float, na_value=float("nan"))
    is_estimated = ~is_recorded & ~pd.isna(hours)
    return PresentHours(
        recorded_basis=basis,
        source=source,
        n_recorded=int(is_recorded.sum()),
        n_estimated=int(is_estimated.sum()),
        hours_estimated=float(hours[is_estimated].sum()),
        hours=float(hours[is_recorded | is_estimated].sum()),
    )


def list_norms(norms: pd.DataFrame, channels: pd.DataFrame, *, sources: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    """Return call norms and hours of a call as rows of the table ``assumptions``.

    Parameters
    ----------
    norms : DataFrame (n_norms, ...)
        ``tier``, ``posture``, ``channel``, ``calls_per_year`` and, where declared, ``standing`` and ``segment``.
    channels : DataFrame (n_channels, 4)
        ``channel``, ``hours_per_call``, ``travel_hours_per_call``, ``next_channel``.
    sources : mapping of str to (basis, source)
        For ``call_norms`` and for each channel.

    Returns
    -------
    DataFrame (n_rows, ...)
        Only channels that a norm uses or that follow one in use; hours of 0 are left out.
    """
    rows = [
        (_name_norm(norm), norm["calls_per_year"], "contacts/year", "call_norms")
        for norm in norms.to_dict(orient="records")
    ]
    following = channels.set_index("channel")["next_channel"].to_dict()
    used: list[str] = []
    for channel in norms["channel"].drop_duplicates():
        while isinstance(channel, str) and channel not in used:
            used.append(channel)
            channel = following.get(channel)
    for norm in channels[channels["channel"].isin(used)].itertuples():
        rows += [
            (f"{name}.{norm.channel}", getattr(norm, name), "hours/contact", norm.channel)
            for name in ("hours_per_call", "travel_hours_per_call")
            if getattr(norm, name) > 0
        ]
    table = pd.DataFrame(rows, columns=["name", "value", "unit", "key"])
    return pd.DataFrame(
        {
            "name": table["name"],
            "value": table["value"].map("{:g}".format),
            "low": float("nan"),
            "high": float("nan"),
            "unit": table["unit"],
            "basis": table["key"].map(lambda key: sources[key][0]),
            "source": table["key"].map(lambda key: sources[key][1]),
        }
    )


def _name_norm(norm: Mapping[str, object]) -> str:
    """Return the name of a norm: what it holds for, the segment last, for it may hold dots."""
    more = [str(norm.get(name, "any")) for name in ("standing", "segment")]
    named = [norm["tier"], norm["posture"], norm["channel"], *(more if more != ["any", "any"] else [])]
    return ".".join(["call_norm", *map(str, named)])
