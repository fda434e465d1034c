"""Every table of the kit, declared once: column, kind, unit, range, key.

Input tables are the files of a client's folder; step tables are what the chain
returns. The reader, the checks, the data dictionary and the tests all read
these declarations, so a column is added in one place.

Conventions: one row a record; names carry unit and time base (``_per_year``,
``_hours``); money is in the client's currency; shares are 0-1; a missing cell
is missing (NaN, NaT, None), never zero; ids are text, ``007`` stays ``007``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandera.pandas as pa

Kind = Literal["id", "text", "number", "integer", "date", "choice", "flag"]
Axis = Literal["attractiveness", "competitive_strength", "potential", "chance"]

AXES: tuple[str, ...] = ("attractiveness", "competitive_strength", "potential", "chance")
TIERS: tuple[str, ...] = ("gold", "silver", "bronze")
POSTURES: tuple[str, ...] = ("invest", "select", "harvest")
CHANNELS: tuple[str, ...] = ("field", "customer_success", "partner", "inside", "marketing")
ROLES: tuple[str, ...] = ("field", "inside", "partner", "customer_success")
LEVELS: tuple[int, ...] = (1, 2, 3, 4, 5)

#: INSEE size bands: code -> fewest employees in the band (NN: unknown).
SIZE_BANDS: Mapping[str, float] = MappingProxyType(
    {
        "NN": float("nan"),
        "00": 0,
        "01": 1,
        "02": 3,
        "03": 6,
        "11": 10,
        "12": 20,
        "21": 50,
        "22": 100,
        "31": 200,
        "32": 250,
        "41": 500,
        "42": 1000,
        "51": 2000,
        "52": 5000,
        "53": 10000,
    }
)


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        Identifier, English, as in files written by the kit.
    kind : Kind
        ``id`` and ``choice`` are text; ``flag`` is true or false.
    meaning : str
        One line for the data dictionary.
    unit : str
        Unit of the values, ``–`` where there is none.
    needed : bool
        The column must be there and every cell filled.
    low, high : float, optional
        Allowed range, both ends included.
    choices : mapping of str to tuple of str
        Allowed value -> other spellings that are accepted for it.
    headers : tuple of str
        Other accepted headers, English and French.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = "–"
    needed: bool = False
    low: float | None = None
    high: float | None = None
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table: its columns, its key, and where it comes from.

    Parameters
    ----------
    name : str
        File name without ending, and sheet name.
    meaning : str
        What a row is.
    columns : tuple of Column
        In the order in which the kit writes them.
    key : tuple of str
        Columns that together name a row once.
    needed : bool
        Whether a client's folder must have it.
    axes : tuple of str
        The ids of criteria on these axes are allowed as further number columns.
    sheets : tuple of str
        Other accepted names of the file or sheet, English and French.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    needed: bool = True
    axes: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the column names in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the declaration of one column; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def _choices(**aliases: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType(aliases)


_ROLE_CHOICES = _choices(
    field=("terrain", "itinérant", "outside", "commercial terrain"),
    inside=("sédentaire", "interne", "inside sales", "commercial sédentaire"),
    partner=("partenaire", "partenaires", "channel"),
    customer_success=("succès client", "customer success", "csm"),
)
_TIER_CHOICES = _choices(gold=("or",), silver=("argent",), bronze=("bronze",))

# fmt: off
CRITERIA = Table(
    "criteria",
    "a criterion: how it is measured, its anchors and its weight",
    (
        Column("criterion", "id", "identifier; the name of the column that holds its performances",
               needed=True, headers=("critère", "id", "code")),
        Column("label", "text", "name in the client's words", needed=True,
               headers=("libellé", "nom", "name", "intitulé")),
        Column("axis", "choice", "the axis that the criterion belongs to", needed=True, choices=_choices(
            attractiveness=("attrait", "attractivité", "attraits"),
            competitive_strength=("atouts", "force concurrentielle", "competitive strength", "compétitivité"),
            potential=("potentiel", "potentiel de développement", "development potential"),
            chance=("chances", "chance de vendre", "chance to win", "chances de succès")),
            headers=("axe",)),
        Column("direction", "choice", "benefit: more is better; cost: less is better", needed=True,
               choices=_choices(benefit=("bénéfice", "plus", "+", "croissant"), cost=("coût", "moins", "-", "décroissant")),
               headers=("sens",)),
        Column("worst", "number", "performance that is worth 0", needed=True, unit="the criterion's own",
               headers=("pire", "plancher", "minimum")),
        Column("best", "number", "performance that is worth 1", needed=True, unit="the criterion's own",
               headers=("meilleur", "plafond", "maximum")),
        Column("weight", "number", "importance within the axis; rescaled to sum 1", needed=True, low=0,
               headers=("poids", "pondération", "points")),
        Column("serves", "choice", "the strategy that this criterion speaks for; empty: every strategy",
               choices=_choices(conquest=("conquête",), retention=("fidélisation", "rétention")), headers=("sert", "stratégie")),
        Column("unit", "text", "unit of the performance", headers=("unité",)),
        *(Column(f"level_{level}", "text", f"meaning of the rating {level}", headers=(f"niveau {level}", f"note {level}"))
          for level in LEVELS),
    ),
    key=("axis", "criterion"), sheets=("critères", "criteres"),
)

SEGMENTS = Table(
    "segments",
    "a market segment, with its performance on each criterion of attractiveness and competitive strength",
    (
        Column("segment", "id", "identifier", needed=True, headers=("code", "id", "code segment")),
        Column("label", "text", "name in the client's words", needed=True, headers=("libellé", "nom", "name", "intitulé")),
        Column("size_per_year", "number", "size of the market that our range could serve", unit="currency/year", low=0,
               headers=("taille du marché", "marché annuel", "market size", "taille par an")),
        Column("sales_per_year", "number", "our sales in the segment; empty: summed from the accounts",
               unit="currency/year", low=0, headers=("ca annuel", "chiffre d'affaires", "sales", "ca")),
    ),
    key=("segment",), axes=("attractiveness", "competitive_strength"), sheets=("segments de marché", "market segments"),
)

ACCOUNTS = Table(
    "accounts",
    "an account, client or prospect, with its performance on the criteria of potential and chance",
    (
        Column("account", "id", "identifier", needed=True,
               headers=("compte", "id", "code client", "account id", "n° client", "numéro client", "code compte")),
        Column("name", "text", "company name", needed=True,
               headers=("nom", "raison sociale", "account name", "company", "société", "entreprise")),
        Column("segment", "id", "the market segment it belongs to", needed=True, headers=("code segment", "segment de marché")),
        Column("sector", "text", "sector of activity, NAF code or words", headers=("secteur", "naf", "code naf", "industry", "activité")),
        Column("size_band", "choice", "INSEE band of employees", choices=dict.fromkeys(SIZE_BANDS, ()),
               headers=("tranche d'effectif", "tranche effectifs", "trancheeffectifs")),
        Column("employees", "number", "number of employees", unit="count", low=0,
               headers=("effectif", "effectifs", "salariés", "number of employees")),
        Column("postal_code", "id", "postal code", headers=("code postal", "cp", "zip", "zip code", "billing postal code")),
        Column("city", "text", "town", headers=("ville", "commune", "town", "billing city")),
        Column("country", "text", "country", headers=("pays", "billing country")),
        Column("latitude", "number", "latitude, WGS 84", unit="degrees", low=-90, high=90, headers=("lat",)),
        Column("longitude", "number", "longitude, WGS 84", unit="degrees", low=-180, high=180, headers=("lon", "lng", "long")),
        Column("sales_per_year", "number", "what it bought from us in the last 12 months; 0: nothing", unit="currency/year", low=0,
               headers=("ca annuel", "chiffre d'affaires", "ca", "sales", "ca 12 mois", "ventes annuelles")),
        Column("potential_per_year", "number", "what it could buy of our range in a year", unit="currency/year", low=0,
               headers=("potentiel", "potentiel annuel", "potential")),
        Column("owner", "id", "rep who looks after it today", headers=("commercial", "responsable", "propriétaire", "rep", "account owner")),
        Column("present_calls_per_year", "number", "calls made in the last 12 months", unit="1/year", low=0, high=366,
               headers=("visites par an", "visites 12 mois", "contacts par an", "calls per year", "visites")),
        Column("present_hours_per_year", "number", "hours spent on it in the last 12 months, travel included", unit="hours/year", low=0,
               headers=("heures par an", "heures 12 mois", "hours per year", "heures")),
        Column("previous_tier", "choice", "tier of the last model", choices=_TIER_CHOICES, headers=("niveau précédent", "ancien niveau")),
        Column("family", "id", "accounts of one family stay with one rep, within a role", headers=("groupe", "famille", "group", "parent")),
        Column("required_skill", "text", "skills that its rep must have, separated by commas",
               headers=("compétence requise", "compétences requises", "required skills")),
        Column("required_language", "text", "languages that its rep must speak, separated by commas",
               headers=("langue requise", "langues requises", "required languages")),
        Column("locked_rep", "id", "the rep it must have", headers=("commercial imposé", "locked to", "fixed rep")),
        Column("wished_rep", "id", "the rep that it has in a plan edited by hand; empty: as proposed",
               headers=("commercial souhaité", "wished", "planned rep")),
    ),
    key=("account",), axes=("potential", "chance"), sheets=("comptes", "clients", "portefeuille"),
)

REPS = Table(
    "reps",
    "a salesperson",
    (
        Column("rep", "id", "identifier", needed=True, headers=("commercial", "id", "code", "matricule")),
        Column("name", "text", "name", needed=True, headers=("nom", "nom du commercial")),
        Column("role", "choice", "field, inside, partner or customer success", needed=True, choices=_ROLE_CHOICES,
               headers=("rôle", "fonction", "métier")),
        Column("selling_hours_per_year", "number",
               "hours with or for accounts, travel included; empty: from the assumptions; 0: does not sell, and counts for no need of people", unit="hours/year", low=0, high=4000,
               headers=("heures de vente", "heures de vente par an", "heures commerciales", "selling hours")),
        Column("cost_per_year", "number", "pay, charges, vehicle and overheads", unit="currency/year", low=0,
               headers=("coût annuel", "coût", "cost")),
        Column("postal_code", "id", "postal code of the home or office", headers=("code postal", "cp", "zip")),
        Column("city", "text", "town of the home or office", headers=("ville", "commune", "town", "base")),
        Column("latitude", "number", "latitude, WGS 84", unit="degrees", low=-90, high=90, headers=("lat",)),
        Column("longitude", "number", "longitude, WGS 84", unit="degrees", low=-180, high=180, headers=("lon", "lng", "long")),
        Column("skills", "text", "skills, separated by commas", headers=("compétences",)),
        Column("languages", "text", "languages, separated by commas", headers=("langues",)),
        Column("leaving", "flag", "true: leaves, and hands all accounts over; no hours are planned", headers=("part", "quitte", "départ")),
    ),
    key=("rep",), needed=False, sheets=("commerciaux", "équipe", "force de vente", "sales reps"),
)

OPPORTUNITIES = Table(
    "opportunities",
    "a deal, open, won or lost",
    (
        Column("opportunity", "id", "identifier", needed=True, headers=("opportunité", "affaire", "id", "deal", "deal id")),
        Column("account", "id", "its account; empty: not known", headers=("compte", "client", "code client", "account id")),
        Column("name", "text", "what it is about", headers=("nom", "intitulé", "objet", "deal name")),
        Column("status", "choice", "open, won or lost", needed=True,
               choices=_choices(open=("ouverte", "en cours", "ouvert"), won=("gagnée", "gagné", "closed won"),
                                lost=("perdue", "perdu", "closed lost")), headers=("statut", "état")),
        Column("stage", "text", "stage in the client's own words", headers=("étape", "phase", "deal stage")),
        Column("amount", "number", "amount without tax", unit="currency", low=0, headers=("montant", "valeur", "value")),
        Column("created_on", "date", "day it was opened", headers=("créée le", "date de création", "create date", "ouverte le")),
        Column("closed_on", "date", "day it was won or lost, or is expected to be",
               headers=("clôturée le", "date de clôture", "close date", "fermée le")),
        Column("rep", "id", "who works on it", headers=("commercial", "owner", "responsable")),
    ),
    key=("opportunity",), needed=False, sheets=("opportunités", "affaires", "deals", "pipeline"),
)

#: The tables of a client's folder, in the order in which they are read.
INPUT_TABLES: tuple[Table, ...] = (CRITERIA, SEGMENTS, ACCOUNTS, REPS, OPPORTUNITIES)


_TIER = Column("tier", "choice", "gold, silver or bronze; empty: not enough known", choices=_choices(gold=(), silver=(), bronze=()))
_POSTURE = Column("posture", "choice", "advice from the matrix; empty: not enough known",
                  choices=_choices(invest=(), select=(), harvest=()))
_CHANNEL = Column("channel", "choice", "how the account is looked after", choices=dict.fromkeys(CHANNELS, ()))


def _share(name: str, meaning: str) -> Column:
    return Column(name, "number", meaning, unit="0-1", low=0, high=1)


def _amount(name: str, meaning: str) -> Column:
    return Column(name, "number", meaning, unit="currency/year", low=0)


def _hours(name: str, meaning: str) -> Column:
    return Column(name, "number", meaning, unit="hours/year", low=0)


def _count(name: str, meaning: str) -> Column:
    return Column(name, "integer", meaning, unit="count", low=0)


_ACCOUNT = ACCOUNTS.column("account")
_NAME = ACCOUNTS.column("name")
_SEGMENT = Column("segment", "id", "market segment", needed=True)
_REP = Column("rep", "id", "salesperson; empty: nobody")

SEGMENT_SCORES = Table(
    "segment_scores", "a market segment on the portfolio matrix",
    (
        _SEGMENT, Column("label", "text", "name in the client's words", needed=True),
        _amount("size_per_year", "size of the market that our range could serve"),
        _amount("sales_per_year", "our sales in the segment"),
        Column("market_share", "number", "sales_per_year / size_per_year", unit="0-1", low=0),
        _share("attractiveness", "score over the external criteria"),
        _share("attractiveness_known_share", "share of the weight of attractiveness that is known"),
        _share("competitive_strength", "score over our own position"),
        _share("competitive_strength_known_share", "share of the weight of competitive strength that is known"),
        _POSTURE,
        _count("n_accounts", "accounts in the segment"),
        _amount("potential_per_year", "potential of these accounts, summed"),
    ), key=("segment",))

SEGMENT_CONTRIBUTIONS = Table(
    "segment_contributions", "what a criterion brings to a segment's score",
    (
        _SEGMENT, CRITERIA.column("axis"), CRITERIA.column("criterion"), CRITERIA.column("label"),
        _share("weight", "weight of the criterion within its axis"),
        Column("performance", "number", "performance of the segment", unit="the criterion's own"),
        _share("value", "the performance mapped to worst 0, best 1"),
        _share("contribution", "what it adds to the score, weights rescaled to what is known"),
    ), key=("segment", "axis", "criterion"))

ACCOUNT_SCORES = Table(
    "account_scores", "an account on its two axes, and its two ranks",
    (
        _ACCOUNT, _NAME, _SEGMENT,
        _amount("sales_per_year", "sales of the last 12 months"),
        _amount("potential_per_year", "what it could buy of our range"),
        Column("wallet_share", "number", "sales_per_year / potential_per_year", unit="0-1", low=0),
        _share("potential_score", "score over the criteria of potential"),
        _share("win_score", "score over the criteria of chance"),
        _share("score", "account value: the two axes combined by the strategy; empty: not enough known"),
        _share("known_share", "share of the weight of both axes that is known"),
        _share("win_probability", "probability to win, where the client declared how it follows the win score"),
        _amount("expected_value_per_year", "potential_per_year x win_probability"),
        _count("rank_by_sales", "1: most sales; ties share the best rank; empty: sales unknown"),
        _count("rank_by_value", "1: best score; empty: not enough known"),
        Column("rank_change", "integer", "rank_by_sales - rank_by_value; positive: rises when value counts", unit="count"),
    ), key=("account",))

#: ``account_contributions``: account, then one column per criterion of the axes
#: potential and chance with what it adds to ``score``; a row sums to the score.

ACCOUNT_TIERS = Table(
    "account_tiers", "the tier of an account",
    (
        _ACCOUNT, _NAME, _SEGMENT,
        _share("score", "account value"),
        _amount("potential_per_year", "what it could buy of our range"),
        _amount("sales_per_year", "sales of the last 12 months"),
        _TIER,
        Column("tier_by_rule", "choice", "what the rule alone gives", choices=_TIER.choices),
        Column("override_reason", "text", "why the room decided otherwise"),
        Column("override_by", "text", "who decided it"),
        Column("previous_tier", "choice", "tier of the last model", choices=_TIER.choices),
    ), key=("account",))

TIER_SUMMARY = Table(
    "tier_summary", "a tier: what it holds, what it gets, what it should get",
    (
        Column("tier", "choice", "gold, silver, bronze, or unknown (not enough known)", needed=True,
               choices=_choices(gold=(), silver=(), bronze=(), unknown=())),
        _share("cutoff", "lowest score of the tier by the rule"),
        _count("n_accounts", "accounts"), _share("account_share", "share of the accounts"),
        _amount("potential_per_year", "potential, summed over the accounts where it is known"),
        _share("potential_share", "share of the potential"),
        _amount("sales_per_year", "sales, summed"), _share("sales_share", "share of the sales"),
        Column("wallet_share", "number", "sales / potential over the accounts where both are known", unit="0-1", low=0),
        _hours("present_hours_per_year", "hours spent in the last 12 months; empty: not recorded"),
        _share("present_hours_share", "share of these hours"),
        _hours("workload_hours_per_year", "hours that the call norms ask for"),
        _hours("recommended_hours_per_year", "hours that the team can give, best accounts first"),
        _share("recommended_hours_share", "share of these hours"),
    ), key=("tier",))

ACCOUNT_EFFORT = Table(
    "account_effort", "what an account asks for, and what it gets",
    (
        _ACCOUNT, _TIER, _POSTURE,
        Column("wanted_channel", "choice", "channel that the call norms ask for", choices=_CHANNEL.choices),
        Column("wanted_calls_per_year", "number", "calls that the norms ask for", unit="1/year", low=0),
        _hours("workload_hours_per_year", "hours that the norms ask for"),
        _CHANNEL,
        Column("calls_per_year", "number", "calls that the team can make", unit="1/year", low=0),
        Column("hours_per_call", "number", "hours with the account", unit="hours", low=0),
        Column("travel_hours_per_call", "number", "hours on the way", unit="hours", low=0),
        _hours("hours_per_year", "calls_per_year x (hours_per_call + travel_hours_per_call)"),
        _hours("present_hours_per_year", "hours spent in the last 12 months; empty: not recorded"),
    ), key=("account",))

ROLE_SUMMARY = Table(
    "role_summary", "a role: what is asked of it and what it can give",
    (
        Column("role", "choice", "field, inside, partner or customer success", needed=True, choices=dict.fromkeys(ROLES, ())),
        Column("n_reps", "number", "people today who have selling hours", unit="full-time equivalents", low=0),
        _hours("selling_hours_per_year", "hours that they have"),
        _hours("workload_hours_per_year", "hours that the call norms ask for"),
        _hours("hours_per_year", "hours planned within capacity"),
        Column("n_reps_needed", "number", "workload / mean selling hours of a rep", unit="full-time equivalents", low=0),
        Column("n_reps_gap", "number", "n_reps_needed - n_reps", unit="full-time equivalents"),
    ), key=("role",))

TERRITORIES = Table(
    "territories", "who looks after an account",
    (
        _ACCOUNT, _REP, Column("owner", "id", "who looks after it today"),
        Column("kept", "flag", "the present rep stays; empty: no present rep known"),
        Column("distance_km", "number", "from the rep's place, on the sphere x detour factor; empty: no visits, or a place is not known",
               unit="km", low=0),
        _CHANNEL, _hours("hours_per_year", "hours planned"),
    ), key=("account",))

TERRITORY_CONDITIONS = Table(
    "territory_conditions", "a condition that cannot be met with the others; all of them given up, the rest holds",
    (
        Column("condition", "choice", "what would have to give way", needed=True,
               choices=_choices(lock=(), language=(), skill=(), family=(), room=(), balance=(), potential=())),
        Column("role", "choice", "role of the team", needed=True, choices=dict.fromkeys(ROLES, ())),
        Column("subject", "text", "the skill, language, rep or family asked for"),
        Column("account", "id", "an account concerned"), _count("n_accounts", "accounts concerned"),
        _hours("hours_per_year", "hours planned for them"),
        Column("asked", "number", "tolerance asked for", unit="0-1", low=0),
        Column("reached", "number", "deviation of the plan: this tolerance is enough", unit="0-1", low=0),
        Column("instead", "choice", "kind of condition that could be given up instead", choices=_choices(lock=(), language=(), skill=())),
    ), key=("condition", "role", "subject"))

PLAN_COMPARISON = Table(
    "plan_comparison", "a plan of territories, measured on the hours and calls planned from now on",
    (
        Column("plan", "choice", "present, proposed, or wished: edited by hand", needed=True,
               choices=_choices(present=(), proposed=(), wished=())),
        _count("n_accounts", "accounts with planned hours and a rep"), _count("n_nobody", "accounts with planned hours and no rep"),
        _count("n_reps", "reps who have any of them"),
        Column("hours_deviation", "number", "largest deviation of a rep's hours from an equal load within the role", unit="0-1", low=0),
        Column("potential_deviation", "number", "the same of the potential", unit="0-1", low=0),
        _count("n_outside", "reps beyond the tolerance of hours, or beyond their hours"),
        _count("n_changed", "accounts with a rep today that get another"), _share("changed_share", "share of the accounts that have a rep today"),
        _share("changed_sales_share", "share of their sales"),
        Column("travel_km_per_year", "number", "kilometers to the accounts visited and back", unit="km/year", low=0),
        _count("n_without_place", "accounts visited whose distance is not known"),
        _count("n_unmet", "accounts whose rep lacks the skill or language, is not the one locked, or whose family is parted"),
        _count("n_other_role", "accounts whose rep has another role than the planned channel"),
        Column("cost_km", "number", "travel_km_per_year + what broken relations are worth", unit="km/year", low=0),
        Column("gap", "number", "(cost_km - bound) / bound; empty: not within all conditions, or no bound", unit="0-1", low=0),
    ), key=("plan",))

REP_SUMMARY = Table(
    "rep_summary", "the load of a rep",
    (
        Column("rep", "id", "salesperson", needed=True), Column("name", "text", "name", needed=True),
        Column("role", "choice", "role", needed=True, choices=dict.fromkeys(ROLES, ())),
        _hours("selling_hours_per_year", "hours that the rep has"),
        _hours("hours_per_year", "hours planned"),
        Column("load", "number", "hours_per_year / selling_hours_per_year", unit="0-1", low=0),
        _count("n_accounts", "accounts planned"), _count("n_present_accounts", "accounts today; empty: no present rep is known"),
        _count("n_gold", "gold accounts planned"), _count("n_kept", "accounts that stay with the rep"),
        Column("mean_distance_km", "number", "mean distance to the accounts visited", unit="km", low=0),
        _amount("potential_per_year", "potential of these accounts"),
        Column("latitude", "number", "place of the rep", unit="degrees"), Column("longitude", "number", "place of the rep", unit="degrees"),
    ), key=("rep",))

CALLS = Table(
    "calls", "how often who calls on whom",
    (
        _ACCOUNT, _NAME, _SEGMENT, _TIER, _CHANNEL, _REP, Column("rep_name", "text", "name of the rep"),
        Column("calls_per_year", "number", "planned contacts", unit="1/year", low=0),
        Column("weeks_between_calls", "number", "52 / calls_per_year; empty: no call planned", unit="weeks", low=0),
        _hours("hours_per_year", "hours planned, travel included"),
    ), key=("account",))

WIN_RATES = Table(
    "win_rates", "won and lost deals of a group, with what chance alone would allow",
    (
        Column("group", "text", "segment or rep", needed=True),
        _count("n_won", "deals won"), _count("n_lost", "deals lost"),
        _share("win_rate", "n_won / (n_won + n_lost)"),
        _share("low", "lower end of the 95 % interval (Wilson)"), _share("high", "upper end of the 95 % interval (Wilson)"),
    ), key=("group",))

ASSUMPTIONS = Table(
    "assumptions", "a number that the model rests on, and why we believe it",
    (
        Column("name", "text", "identifier", needed=True), Column("value", "text", "value used", needed=True),
        Column("low", "number", "lower end of the range in the sources"), Column("high", "number", "upper end of the range in the sources"),
        Column("unit", "text", "unit"), Column("basis", "choice", "measured, judged or assumed", needed=True,
                                              choices=_choices(measured=(), judged=(), assumed=())),
        Column("source", "text", "where it comes from"),
    ), key=("name",))

#: The tables of the chain, in its order.
STEP_TABLES: tuple[Table, ...] = (
    SEGMENT_SCORES, SEGMENT_CONTRIBUTIONS, ACCOUNT_SCORES, ACCOUNT_TIERS, TIER_SUMMARY, ACCOUNT_EFFORT,
    ROLE_SUMMARY, TERRITORIES, TERRITORY_CONDITIONS, PLAN_COMPARISON, REP_SUMMARY, CALLS, WIN_RATES, ASSUMPTIONS,
)

# fmt: on

_DTYPES: Mapping[str, str] = MappingProxyType(
    {
        "id": "str",
        "text": "str",
        "choice": "str",
        "number": "float64",
        "integer": "Int64",
        "date": "datetime64[s]",
        "flag": "boolean",
    }
)


def make_schema(table: Table, *, criteria: tuple[str, ...] = ()) -> pa.DataFrameSchema:
    """Return the pandera schema of a table.

    Parameters
    ----------
    table : Table
        The declaration.
    criteria : tuple of str
        Ids of criteria that are allowed as further number columns.

    Returns
    -------
    pandera.pandas.DataFrameSchema
        Strict: no other column; key unique; ranges and choices checked;
        a column that is not needed may be absent or hold missing cells.
    """
    import pandera.pandas as pa

    columns = {column.name: _schema_column(column) for column in table.columns}
    extra = {name: pa.Column("float64", nullable=True, required=False) for name in criteria if name not in columns}
    return pa.DataFrameSchema({**columns, **extra}, strict=True, unique=list(table.key), name=table.name)


def _schema_column(column: Column) -> pa.Column:
    import pandera.pandas as pa

    checks = []
    if column.low is not None:
        checks.append(pa.Check.ge(column.low))
    if column.high is not None:
        checks.append(pa.Check.le(column.high))
    if column.choices:
        checks.append(pa.Check.isin(list(column.choices)))
    return pa.Column(_DTYPES[column.kind], checks, nullable=not column.needed, required=column.needed)


def dtype_of(column: Column) -> str:
    """Return the pandas dtype of a column: ``str``, ``float64``, ``Int64``, ``datetime64[s]`` or ``boolean``."""
    return _DTYPES[column.kind]
