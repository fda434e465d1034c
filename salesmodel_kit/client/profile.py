"""``client.yaml``: who the client is, its strategy, and what it assumes.

Unknown keys are refused. A strategy is a file in ``templates/strategies`` (or
the same keys under ``strategy_changes`` in ``client.yaml``): a set of weights
and call norms with its reasoning.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from salesmodel_kit.tables import DEFAULT_TIERS

TierName = Literal["platinum", "gold", "silver", "bronze", "iron"]
Basis = Literal["measured", "judged", "assumed"]
Share = Annotated[float, Field(ge=0, le=1)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
LevelWord = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=30)]
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
    """How often, and through which channel, a tier is called on; of several that fit, the one that names most holds.

    ``segment`` is an id of the client's; ``standing`` tells farming from acquisition;
    ``hours_per_call`` stands before the channel's; ``remote_share`` of the calls takes no travel.
    """

    tier: TierName
    posture: Literal["any", "invest", "select", "harvest"] = "any"
    channel: Literal["field", "inside", "partner", "customer_success", "marketing"]
    calls_per_year: Annotated[float, Field(ge=0, le=260)]
    segment: str = "any"
    standing: Literal["any", "customer", "prospect"] = "any"
    hours_per_call: NotNegative | None = None
    remote_share: Share = 0.0


class ChannelNorm(_Strict):
    """How long a call through a channel takes, and which channel is next when it is full."""

    hours_per_call: NotNegative
    travel_hours_per_call: NotNegative = 0.0
    next_channel: Literal["inside", "partner", "customer_success", "marketing"] | None = None


class TierRule(_Strict):
    """How tiers are cut.

    ``levels`` are the client's tiers, best first; the last takes the rest. Each other
    one has a number: its lowest score (``cutoff``); its share of the accounts, or of
    the cumulated potential (``account_share``, ``potential_share``); the share of the
    team's hours that it may take (``capacity``, without a number all that is left);
    ``natural_breaks`` needs none. ``names`` says what the client calls its tiers.
    """

    rule: Literal["cutoff", "account_share", "potential_share", "natural_breaks", "capacity"]
    platinum: Share | None = None
    gold: Share | None = None
    silver: Share | None = None
    bronze: Share | None = None
    levels: tuple[TierName, ...] = DEFAULT_TIERS
    names: dict[TierName, dict[Literal["en", "fr"], LevelWord]] = {}

    @property
    def cuts(self) -> dict[str, float]:
        """Return tier -> number of the rule, for the tiers that have one."""
        numbers = {name: getattr(self, name, None) for name in self.levels}
        return {name: value for name, value in numbers.items() if value is not None}

    def find_words(self, language: str) -> tuple[tuple[str, str | None], ...]:
        """Return each tier, best first, with the client's name for it; None: the kit's own word."""
        words = {name: said.get(language) or next(iter(said.values()), None) for name, said in self.names.items()}
        return tuple((name, words.get(name)) for name in self.levels)


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
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    language: Literal["en", "fr"]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    subdivision: str | None = None
    data_until: dt.date
    plan_from: dt.date | None = None
    plan_year_from: dt.date | None = None
    strategy: str
    strategy_changes: StrategyChanges = StrategyChanges()
    assumptions: dict[str, Assumption] = {}
    data_basis: dict[str, DataBasis] = {}
    seasonality: tuple[NotNegative, ...] | None = None
    weights_from: Literal["declared", "votes"] = "declared"
    weight_set: Annotated[str, Field(max_length=200)] | None = None

    @property
    def plan_start(self) -> dt.date:
        """Return the first day that calls are planned for: declared, or the day after the data's last."""
        return self.plan_from or self.data_until + dt.timedelta(days=1)

    @property
    def plan_year_start(self) -> dt.date:
        """Return the first day of the year that call frequencies are counted in: declared, or the plan's first."""
        return self.plan_year_from or self.plan_start
