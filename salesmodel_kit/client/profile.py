"""``client.yaml``: who the client is, its strategy, and what it assumes.

Unknown keys are refused. A strategy is a file in ``templates/strategies`` (or
the same keys under ``strategy_changes`` in ``client.yaml``): a set of weights
and call norms with its reasoning.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

Basis = Literal["measured", "judged", "assumed"]
Share = Annotated[float, Field(ge=0, le=1)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
#: Names that Windows keeps for devices; no folder can have them.
DEVICE_NAMES: frozenset[str] = frozenset(
    ("con", "prn", "aux", "nul", *(f"{kind}{number}" for kind in ("com", "lpt") for number in range(10)))
)


def _refuse_device_name(client_id: str) -> str:
    if client_id.casefold() in DEVICE_NAMES:
        raise PydanticCustomError("device_name", "a name that Windows keeps for a device")
    return client_id


ClientId = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"), AfterValidator(_refuse_device_name)
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Assumption(_Strict):
    """A number that the model rests on, with its range and source."""

    value: Annotated[float, Field(allow_inf_nan=False)]
    unit: str
    basis: Basis = "assumed"
    source: str
    low: float | None = None
    high: float | None = None


class CallNorm(_Strict):
    """How often, and through which channel, a tier is called on in a posture."""

    tier: Literal["gold", "silver", "bronze"]
    posture: Literal["any", "invest", "select", "harvest"] = "any"
    channel: Literal["field", "inside", "partner", "customer_success", "marketing"]
    calls_per_year: Annotated[float, Field(ge=0, le=260)]


class ChannelNorm(_Strict):
    """How long a call through a channel takes, and which channel is next when it is full."""

    hours_per_call: NotNegative
    travel_hours_per_call: NotNegative = 0.0
    next_channel: Literal["inside", "partner", "customer_success", "marketing"] | None = None


class TierRule(_Strict):
    """How tiers are cut.

    ``cutoff``: ``gold`` and ``silver`` are lowest scores; ``account_share`` and
    ``potential_share``: the share of accounts, or of the cumulated potential,
    that is gold, and that is silver.
    """

    rule: Literal["cutoff", "account_share", "potential_share"]
    gold: Share
    silver: Share


class Strategy(_Strict):
    """A strategy: what counts, where to cut, how often to call."""

    name: str
    label: dict[Literal["en", "fr"], str]
    reasoning: dict[Literal["en", "fr"], str]
    potential_weight: Share
    emphasis: dict[Literal["conquest", "retention"], NotNegative]
    tiers: TierRule
    call_norms: tuple[CallNorm, ...]
    channels: dict[Literal["field", "inside", "partner", "customer_success", "marketing"], ChannelNorm]


class StrategyChanges(_Strict):
    """What a client does otherwise than its strategy's template; a list replaces the whole list."""

    potential_weight: Share | None = None
    emphasis: dict[Literal["conquest", "retention"], NotNegative] | None = None
    tiers: TierRule | None = None
    call_norms: tuple[CallNorm, ...] | None = None
    channels: dict[Literal["field", "inside", "partner", "customer_success", "marketing"], ChannelNorm] | None = None


class DataBasis(_Strict):
    """What the numbers of a column rest on, where they are not plain measurements."""

    basis: Basis
    source: str


class Profile(_Strict):
    """The client's profile, as in ``client.yaml``."""

    id: ClientId
    name: Annotated[str, Field(min_length=1, max_length=200)]
    language: Literal["en", "fr"]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    data_until: dt.date
    strategy: str
    strategy_changes: StrategyChanges = StrategyChanges()
    assumptions: dict[str, Assumption] = {}
    data_basis: dict[str, DataBasis] = {}
