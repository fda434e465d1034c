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
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandera.pandas as pa

Kind = Literal["id", "text", "number", "integer", "date", "choice", "flag"]
Axis = Literal["attractiveness", "competitive_strength", "potential", "chance"]

AXES: tuple[str, ...] = ("attractiveness", "competitive_strength", "potential", "chance")
#: The tiers that a client can choose from, best first; their looks are fixed, their names are the client's.
TIERS: tuple[str, ...] = ("platinum", "gold", "silver", "bronze", "iron")
#: The tiers of a client that chooses none.
DEFAULT_TIERS: tuple[str, ...] = ("gold", "silver", "bronze")
#: Why an account changed tier between two models.
MOVE_CAUSES: tuple[str, ...] = ("data", "weights", "rule", "margin", "override", "several", "unknown", "new", "gone")
POSTURES: tuple[str, ...] = ("invest", "select", "harvest")
CHANNELS: tuple[str, ...] = ("field", "customer_success", "partner", "inside", "marketing")
ROLES: tuple[str, ...] = ("field", "inside", "partner", "customer_success")
#: How a vote is cast; all but the rating weigh criteria.
VOTE_KINDS: tuple[str, ...] = ("points", "rank", "swing", "comparison", "best_to", "to_worst", "rating")
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
_TIER_CHOICES = _choices(platinum=("platine",), gold=("or",), silver=("argent",), bronze=("bronze",), iron=("fer",))
_ANY_TIER = MappingProxyType(dict.fromkeys(TIERS, ()))

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
        Column("value_points", "text", "where the steps are not worth the same: performance:value from worst to best, as 0:0; 50:0.2; 200:1",
               headers=("points de valeur", "courbe de valeur", "value curve")),
        Column("category_values", "text", "where the performance is a word: category:value, as national tender:0; free:1 (*: any other); worst 0, best 1",
               headers=("valeurs par catégorie", "valeurs des catégories", "category scores")),
        Column("veto", "number", "a performance worse than this keeps the account out of gold, whatever its score", unit="the criterion's own",
               headers=("seuil de veto", "veto below", "veto limit")),
        Column("parent", "id", "the criterion of the same axis that this one is a part of; its weight then counts among the parts",
               headers=("critère parent", "sous-critère de", "part of")),
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
        Column("past_attractiveness", "number", "score that the segment had in the past, with past_competitive_strength",
               unit="0-1", low=0, high=1, headers=("attrait passé", "attractivité passée", "past attractiveness")),
        Column("past_competitive_strength", "number", "score that our position had in the past", unit="0-1", low=0, high=1,
               headers=("atouts passés", "force concurrentielle passée", "past competitive strength")),
        Column("target_attractiveness", "number", "score that we expect, with target_competitive_strength",
               unit="0-1", low=0, high=1, headers=("attrait visé", "attractivité visée", "target attractiveness")),
        Column("target_competitive_strength", "number", "score that we want our position to have", unit="0-1", low=0, high=1,
               headers=("atouts visés", "force concurrentielle visée", "target competitive strength")),
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


def _answer(name: str, meaning: str, *headers: str) -> Column:
    return Column(name, "number", meaning, unit="multiple of today's sales", needed=True, low=0, high=100, headers=headers)


RESPONSE = Table(
    "response",
    "a participant's answers for a tier: what sales would be with more and with less effort, today's being 1",
    (
        Column("participant", "id", "who answers; empty: the room together", headers=("participante", "votant", "nom")),
        Column("tier", "choice", "gold, silver or bronze", needed=True, choices=_TIER_CHOICES, headers=("niveau",)),
        _answer("nothing", "with no effort at all", "rien", "sans effort"),
        _answer("half", "with half of today's effort", "moitié"),
        _answer("half_more", "with half more than today's effort", "moitié de plus", "moitié en plus"),
        _answer("most", "with as much effort as one could make", "maximum", "le plus possible"),
    ),
    key=("participant", "tier"), needed=False, sheets=("réponse", "réponses", "responses"),
)

PARTICIPANTS = Table(
    "participants",
    "somebody who votes in the workshop",
    (
        Column("participant", "id", "identifier", needed=True, headers=("votant", "code", "id", "code participant")),
        Column("name", "text", "name; reports never show who voted what", needed=True, headers=("nom", "nom du participant")),
        Column("department", "text", "department or function", headers=("service", "direction", "département", "fonction")),
        Column("voting_power", "number", "how much the votes count, above 0; empty: 1", low=0,
               headers=("poids du vote", "pouvoir de vote", "voix", "voting weight")),
    ),
    key=("participant",), needed=False, sheets=("participants", "votants", "voters"),
)

VOTES = Table(
    "votes",
    "one private judgement of a participant, in one round",
    (
        Column("round", "integer", "round of votes, from 1", needed=True, low=1, headers=("tour", "tour de vote")),
        Column("participant", "id", "who votes", needed=True, headers=("votant", "code participant")),
        Column("weight_set", "text", "set of weights that the vote belongs to, as sales or short term; empty: the one set",
               headers=("jeu de poids", "jeu", "point de vue")),
        Column("kind", "choice",
               "how it is judged: points, rank (1: counts most) or swing of each criterion; comparison of two criteria; "
               "best_to (the best against another) with to_worst (another against the worst); rating of a segment",
               needed=True, choices=_choices(
                   points=("points", "note directe"), rank=("rang", "classement"), swing=("bascule", "swing"),
                   comparison=("comparaison", "par paire"), best_to=("meilleur face à", "meilleur contre"),
                   to_worst=("face au pire", "contre le pire"), rating=("note", "notation")),
               headers=("méthode", "type", "nature du vote", "method")),
        Column("axis", "choice", "axis of the criterion", needed=True, choices=CRITERIA.column("axis").choices, headers=("axe",)),
        Column("criterion", "id", "the criterion that is judged; best_to: the best one", needed=True,
               headers=("critère", "code critère")),
        Column("against", "id", "comparison, best_to: the other criterion; to_worst: the worst one",
               headers=("face à", "comparé à", "contre", "compared with")),
        Column("segment", "id", "rating: the market segment that is rated", headers=("code segment", "segment de marché")),
        Column("vote", "number",
               "points and swing: 0 or more; rank: 1 counts most; comparison: how many times criterion counts against the other, "
               "1/9 to 9; best_to, to_worst: 1 to 9; rating: 1 to 5, or a performance between worst and best",
               needed=True, headers=("valeur", "jugement", "réponse", "judgement")),
    ),
    key=("round", "participant", "weight_set", "kind", "axis", "criterion", "against", "segment"), needed=False,
    sheets=("votes", "jugements", "judgements"),
)

PERSONAS = Table(
    "personas",
    "what the workshop knows about the people behind a tier of a segment",
    (
        Column("tier", "choice", "gold, silver or bronze; empty: every tier", choices=_TIER_CHOICES, headers=("niveau", "classe")),
        Column("segment", "id", "market segment; empty: every segment", headers=("code segment", "segment de marché")),
        Column("who_decides", "text", "who decides, who advises, who signs", headers=("qui décide", "décideur", "who decides")),
        Column("how_to_reach", "text", "how these people are reached", headers=("comment les joindre", "accès", "how to reach")),
        Column("notes", "text", "anything else", headers=("remarques", "notes", "commentaires")),
    ),
    key=("tier", "segment"), needed=False, sheets=("profils types", "personas"),
)

#: The tables of a client's folder, in the order in which they are read.
INPUT_TABLES: tuple[Table, ...] = (
    CRITERIA,
    SEGMENTS,
    ACCOUNTS,
    REPS,
    OPPORTUNITIES,
    PARTICIPANTS,
    VOTES,
    RESPONSE,
    PERSONAS,
)


_TIER = Column("tier", "choice", "one of the client's tiers; empty: not enough known", choices=_ANY_TIER)
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
        _share("past_attractiveness", "score that the segment had in the past"),
        _share("past_competitive_strength", "score that our position had in the past"),
        _share("target_attractiveness", "score that is expected"),
        _share("target_competitive_strength", "score that our position is meant to have"),
    ), key=("segment",))

SEGMENT_DISPERSION = Table(
    "segment_dispersion", "where the raters put a segment on the portfolio matrix, and how far apart",
    (
        _SEGMENT, _count("n_raters", "participants who rated it on both axes; with fewer than three nothing else is given"),
        _share("attractiveness", "mean of the raters, by voting power"),
        _share("competitive_strength", "mean of the raters, by voting power"),
        _share("attractiveness_spread", "standard deviation between raters"),
        _share("competitive_strength_spread", "standard deviation between raters"),
        Column("correlation", "number", "between the raters' two scores", unit="-1 to 1", low=-1, high=1),
        Column("ellipse_length", "number", "longer half axis of the ellipse that holds half of the raters", unit="score", low=0),
        Column("ellipse_width", "number", "shorter half axis", unit="score", low=0),
        Column("ellipse_angle", "number", "of the longer axis, from the axis of competitive strength, counterclockwise",
               unit="degrees", low=-90, high=90),
    ), key=("segment",))

_GROUP = Column("group", "text", "group of accounts that are like one another, G1 the largest; empty: nothing known of the account")

ACCOUNT_GROUPS = Table(
    "account_groups", "the group that an account belongs to by what it is like",
    (
        _ACCOUNT, _NAME, Column("segment", "id", "market segment as declared; empty: given by the rule of the client's folder"),
        _GROUP, _share("group_probability", "how sure the rule is"),
    ), key=("account",))

GROUP_CHOICE = Table(
    "group_choice", "a number of groups that was tried: what it says and what it costs",
    (
        _count("n_groups", "groups"), Column("log_likelihood", "number", "of the fitted accounts"),
        _count("n_parameters", "free parameters"),
        Column("bic", "number", "n_parameters x log(accounts) - 2 x log_likelihood; the least is chosen"),
    ), key=("n_groups",))

GROUP_SUMMARY = Table(
    "group_summary", "a group of accounts: what it holds and whether it comes back when accounts are drawn again",
    (
        Column("group", "text", "name", needed=True),
        _share("jaccard", "likeness to the group that comes back, mean over the draws"),
        _share("jaccard_low", "lower end of 95 % of the draws"), _share("jaccard_high", "upper end of 95 % of the draws"),
        Column("stability", "choice", "stable: 0.75 or more; doubtful: 0.6 or more; not stable: less",
               choices=_choices(stable=(), doubtful=(), not_stable=())),
        _count("n_accounts", "accounts"), _share("account_share", "share of the accounts"),
        _amount("potential_per_year", "potential, summed over the accounts where it is known"),
        _amount("sales_per_year", "sales, summed"),
        Column("nearest_segment", "text", "declared segment that most of its accounts are in"),
        _share("nearest_segment_share", "share of its accounts that are in that segment"),
    ), key=("group",))

GROUP_FEATURES = Table(
    "group_features", "what makes a group: a band that is more frequent in it than in the portfolio",
    (
        Column("group", "text", "group", needed=True), Column("feature", "text", "what is looked at", needed=True),
        Column("label", "text", "name of the criterion; empty: not a criterion"),
        Column("kind", "choice", "how the band is said", choices=_choices(category=(), size=(), amount=(), rating=(), measure=())),
        Column("value", "text", "category: the value"),
        Column("low", "number", "number: from here on; empty: open", unit="the feature's own"),
        Column("high", "number", "number: to below; empty: open; low and high 0: nothing", unit="the feature's own"),
        _share("group_share", "share of the group's accounts in the band, of those where it is known"),
        _share("portfolio_share", "the same over all accounts"),
        Column("lift", "number", "group_share / portfolio_share", low=0),
        _count("rank", "1 says most"),
    ), key=("group", "feature"))

PERSONA_CARDS = Table(
    "persona_cards", "the typical account of a tier in a segment",
    (
        Column("tier", "choice", "gold, silver or bronze", needed=True, choices=_TIER.choices), _SEGMENT,
        Column("label", "text", "the segment in the client's words"),
        _count("n_accounts", "accounts"), _amount("potential_per_year", "potential, summed where it is known"),
        _amount("sales_per_year", "sales, summed where they are known"),
        Column("employees_low", "number", "a quarter of the accounts have fewer employees", unit="count", low=0),
        Column("employees_high", "number", "a quarter have more", unit="count", low=0),
        Column("sectors", "text", "most frequent sectors, at most three"), _share("sector_share", "share of the first one, where known"),
        Column("places", "text", "most frequent places, at most three"), _share("place_share", "share of the first one, where known"),
        Column("purchases", "text", "what won deals are about most often, at most three"),
        _count("n_won", "won deals with these accounts; empty: no deals on file"),
        Column("channel", "choice", "how most of them are looked after", choices=_CHANNEL.choices),
        Column("calls_per_year", "number", "planned contacts, the middle one", unit="1/year", low=0),
        Column("who_decides", "text", "from the workshop"), Column("how_to_reach", "text", "from the workshop"),
        Column("notes", "text", "from the workshop"),
    ), key=("tier", "segment"))

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
        _share("win_probability", "probability to win: from won and lost deals where they can tell, else as the client declared that it follows the win score"),
        _amount("expected_value_per_year", "potential_per_year x win_probability"),
        _count("rank_by_sales", "1: most sales; ties share the best rank; empty: sales unknown"),
        _count("rank_by_value", "1: best score; empty: not enough known"),
        Column("rank_change", "integer", "rank_by_sales - rank_by_value; positive: rises when value counts", unit="count"),
    ), key=("account",))

#: ``account_contributions``: account, then one column per criterion of the axes
#: potential and chance with what it adds to ``score``; a row sums to the score.

#: ``account_distances``: account, then one column per criterion of the axes potential and chance
#: with what it adds to score - mean score of the portfolio; a row sums to that distance.

ACCOUNT_GAPS = Table(
    "account_gaps", "a datum that an account lacks to be scored, the most valuable first",
    (
        _ACCOUNT, CRITERIA.column("axis"), CRITERIA.column("criterion"),
        _share("weight", "share of the weight of both axes that the datum would make known"),
        Column("rank", "integer", "1: the datum to ask for first", unit="count", low=1),
        Column("is_needed", "flag", "the data up to this rank make the account known enough; the others would only make it surer"),
    ), key=("account", "axis", "criterion"))

VETOES = Table(
    "vetoes", "an account with a performance beyond a criterion's veto: it cannot be gold, whatever its score",
    (
        _ACCOUNT, CRITERIA.column("axis"), CRITERIA.column("criterion"),
        Column("performance", "number", "performance of the account", unit="the criterion's own"),
        Column("veto", "number", "performance beyond which the veto holds", unit="the criterion's own"),
    ), key=("account", "axis", "criterion"))

ACCOUNT_TIERS = Table(
    "account_tiers", "the tier of an account",
    (
        _ACCOUNT, _NAME, _SEGMENT,
        _share("score", "account value"),
        _amount("potential_per_year", "what it could buy of our range"),
        _amount("sales_per_year", "sales of the last 12 months"),
        _TIER,
        Column("tier_by_rule", "choice", "what the rule alone gives", choices=_TIER.choices),
        Column("veto", "id", "the criterion whose veto keeps the account out of gold; empty: none does"),
        Column("override_reason", "text", "why the room decided otherwise"),
        Column("override_by", "text", "who decided it"),
        Column("previous_tier", "choice", "tier of the last model", choices=_TIER.choices),
        Column("tier_source", "choice", "rule; held: kept because the score did not pass the cut by the margin; override",
               choices=_choices(rule=(), held=(), override=())),
    ), key=("account",))

ROBUSTNESS = Table(
    "robustness", "how sure the tier of an account is, under many weightings that fit what the group judged",
    (
        _ACCOUNT, _NAME, _TIER,
        *(_share(f"{tier}_acceptability", f"share of the weightings under which the rule makes it {tier}") for tier in TIERS),
        _share("tier_acceptability", "share of the weightings under which the rule gives its present tier"),
        Column("flip_distance", "number",
               "smallest change of weights, summed without sign, that moves it across a cutoff of today; empty: none does, "
               "or the room decided the tier", unit="shares of the axis", low=0, high=4),
        Column("flip_to", "choice", "the tier that this change gives", choices=_TIER.choices),
        Column("flip_less", "id", "criterion that loses most weight by it"),
        _share("flip_less_by", "how much weight that is, as a share of its axis"),
        Column("flip_more", "id", "criterion that gains most weight by it"),
        _share("flip_more_by", "how much weight that is, as a share of its axis"),
        _count("n_flip_less", "criteria that lose weight by it"),
        Column("is_close_call", "flag", "the present tier is found in too few weightings (close_call_share), and nobody decided it"),
    ), key=("account",))

RANK_ROBUSTNESS = Table(
    "rank_robustness", "an account that some weighting puts among the best ten",
    (
        _ACCOUNT, _NAME, _share("score", "account value"),
        *(_share(f"best_{last}_acceptability", f"share of the weightings under which its rank is {last} or better")
          for last in (1, 3, 10)),
        Column("central_criterion", "id", "criterion that weighs most above usual where it comes first; empty: it never does, or none stands out"),
    ), key=("account",))

CRITERION_INFLUENCE = Table(
    "criterion_influence", "how many accounts change tier with the weight of a criterion",
    (
        CRITERIA.column("axis"), CRITERIA.column("criterion"), CRITERIA.column("label"),
        _share("weight", "weight within its axis, after the strategy's emphasis"),
        _share("weight_low", "first quartile of its weight over the weightings"),
        _share("weight_high", "third quartile of its weight over the weightings"),
        _count("n_changed_without", "accounts that change tier when it does not count; empty: it is alone on its axis"),
        _count("n_changed_by_spread", "accounts that change tier when its weight rises or falls by the interquartile range, the larger number"),
    ), key=("axis", "criterion"))

TIER_MOVES = Table(
    "tier_moves", "an account that changed tier between two models, and why",
    (
        _ACCOUNT, _NAME,
        Column("tier_before", "choice", "tier of the earlier model; empty: none", choices=_TIER.choices),
        Column("tier_after", "choice", "tier of the later model; empty: none", choices=_TIER.choices),
        _share("score_before", "score in the earlier model"), _share("score_after", "score in the later model"),
        Column("cause", "choice", "what changed: data, weights (and criteria), rule, margin, override; several of them; "
               "unknown; new or gone account", needed=True, choices=_choices(**dict.fromkeys(MOVE_CAUSES, ()))),
        Column("steps", "text", "every step at which the tier changed, in order"),
    ), key=("account",))

TIER_FLOWS = Table(
    "tier_flows", "a pair of tiers: how many accounts went from one to the other between two models, and why",
    (
        Column("tier_before", "choice", "tier of the earlier model", needed=True, choices={**_ANY_TIER, "unknown": ()}),
        Column("tier_after", "choice", "tier of the later model", needed=True, choices={**_ANY_TIER, "unknown": ()}),
        _count("n_accounts", "accounts"),
        *(_count(f"n_by_{cause}", f"of them moved by: {cause}") for cause in MOVE_CAUSES[:7]),
    ), key=("tier_before", "tier_after"))

TIER_SUMMARY = Table(
    "tier_summary", "a tier: what it holds, what it gets, what it should get",
    (
        Column("tier", "choice", "one of the client's tiers, or unknown (not enough known)", needed=True,
               choices={**_ANY_TIER, "unknown": ()}),
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
        _count("n_gold", "accounts of the best tier planned"), _count("n_kept", "accounts that stay with the rep"),
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

WIN_MODEL = Table(
    "win_model", "a criterion of the chance to win, and what won and lost deals say of it",
    (
        CRITERIA.column("criterion"), CRITERIA.column("label"),
        Column("use", "choice", "used, or why it was left out: it holds the outcome itself, is known for too few deals, "
               "or is the same for all deals", needed=True,
               choices=_choices(used=(), contains_outcome=(), too_little_known=(), no_difference=())),
        Column("as_of", "choice", "day of the performance: the deal's first day, or today for want of a history", needed=True,
               choices=_choices(deal=(), today=())),
        _share("known_share", "share of the closed deals for which it is known; empty: it cannot be known as of then"),
        _share("weight", "weight in force, within the axis chance"),
        _share("weight_declared", "the same, rescaled to the criteria used"),
        _share("weight_from_outcomes", "share of the positive coefficients; empty: left out, or the deals cannot tell"),
        _share("low", "lower end of the 95 % interval of weight_from_outcomes (bootstrap over accounts)"),
        _share("high", "upper end of this interval"),
        Column("coefficient", "number", "change of the logit of winning from worst to best; below 0: against the declared direction"),
        Column("coefficient_low", "number", "lower end of the 95 % interval of coefficient (bootstrap over accounts)"),
        Column("coefficient_high", "number", "upper end of this interval"),
    ), key=("criterion",))

WIN_ACCURACY = Table(
    "win_accuracy", "how well the win model tells won from lost deals that it has not seen",
    (
        Column("measure", "choice", "auc: area under the ROC curve; brier: Brier score", needed=True, choices=_choices(auc=(), brier=())),
        _share("value", "cross-validated value"), _share("low", "lower end of the 95 % interval (by account)"),
        _share("high", "upper end of this interval"), _share("reference", "what chance, or always saying the win rate, would give"),
    ), key=("measure",))

CALIBRATION = Table(
    "calibration", "deals of like probability to win, and how many of them were won",
    (
        Column("group", "integer", "1: lowest probabilities", unit="count", low=1, needed=True), _count("n_deals", "closed deals"),
        _share("win_probability", "mean probability, from a model that had not seen the deal"),
        _share("win_rate", "share that was won"),
        _share("low", "lower end of the 95 % interval (Wilson)"), _share("high", "upper end of this interval"),
    ), key=("group",))

BACK_TEST = Table(
    "back_test", "a ranking of a year ago, and the share of the later sales that its gold accounts hold",
    (
        Column("ranking", "choice", "by value, by past sales, or the difference of the two", needed=True,
               choices=_choices(value=(), past_sales=(), difference=())),
        Column("later_sales_share", "number", "share of the amounts won in the last 12 months", unit="0-1", low=-1, high=1),
        Column("low", "number", "lower end of the 95 % interval (paired bootstrap over accounts)", unit="0-1", low=-1, high=1),
        Column("high", "number", "upper end of this interval", unit="0-1", low=-1, high=1),
    ), key=("ranking",))

BACK_TEST_CURVE = Table(
    "back_test_curve", "a share of the accounts, best first, and what they hold of the later sales",
    (
        _share("account_share", "share of the accounts"),
        _share("by_value", "share of the later sales, accounts ranked by value"),
        _share("by_past_sales", "the same, accounts ranked by past sales"),
    ), key=("account_share",))

_WEIGHT_SET = Column("weight_set", "text", "set of weights; empty: the one set")
_PARTICIPANT = Column("participant", "id", "who voted", needed=True)
_VOTING_POWER = Column("voting_power", "number", "how much the votes count", needed=True, low=0)

WEIGHT_VOTES = Table(
    "weight_votes", "the weight that a participant's votes of the latest round give to a criterion",
    (
        Column("round", "integer", "round of votes; the latest of its set and axis", needed=True, low=1), _WEIGHT_SET,
        _PARTICIPANT, Column("department", "text", "department or function"), _VOTING_POWER, CRITERIA.column("axis"),
        CRITERIA.column("criterion"),
        _share("weight", "as judged, before the strategy bends it; sums to 1 per set, participant and axis"),
    ), key=("weight_set", "participant", "axis", "criterion"))

SEGMENT_VOTES = Table(
    "segment_votes", "where a participant's ratings of the latest round put a segment",
    (
        _PARTICIPANT, _VOTING_POWER, _SEGMENT, CRITERIA.column("axis"),
        _share("score", "weighted sum of the rater's own ratings; what is not rated keeps the segment's performance"),
    ), key=("participant", "segment", "axis"))

VOTE_CONSISTENCY = Table(
    "vote_consistency", "how far a participant's comparisons contradict one another on an axis",
    (
        Column("round", "integer", "round of votes", needed=True, low=1), _WEIGHT_SET, _PARTICIPANT, CRITERIA.column("axis"),
        _count("n_comparisons", "comparisons made"),
        Column("consistency_ratio", "number", "consistency index / random index (Saaty 1980); empty: nothing can contradict, or more "
               "than 10 criteria", low=0),
        Column("contradicts", "flag", "the ratio is above 0.10"),
        Column("criterion", "id", "in the comparison that contradicts the others most: the criterion said to count more"),
        Column("against", "id", "the other criterion"),
        Column("said", "number", "how many times, as compared", low=0),
        Column("implied", "number", "how many times, by all comparisons together", low=0),
    ), key=("round", "weight_set", "participant", "axis"))

_N_PARTICIPANTS = _count("n_participants", "participants who voted")
_ROUND = Column("round", "integer", "round of votes", needed=True, low=1)

GROUP_WEIGHTS = Table(
    "group_weights", "what the group thinks of a criterion, in the latest round",
    (
        _WEIGHT_SET, CRITERIA.column("axis"), _ROUND, CRITERIA.column("criterion"), _N_PARTICIPANTS,
        _share("group_weight", "geometric mean of the participants' weights by voting power, rescaled to sum 1 per axis"),
        _share("low", "lower end of its 95 % interval (jackknife); empty: fewer than three participants"),
        _share("high", "upper end of its 95 % interval (jackknife)"),
        _share("low_quartile", "a quarter of the participants give less"), _share("median_weight", "half of the participants give less"),
        _share("high_quartile", "a quarter of the participants give more"),
        _share("quartile_range", "high_quartile - low_quartile"),
        Column("to_discuss", "flag", "quartile_range is above half of an equal share of the axis"),
        CRITERIA.column("label"), _share("declared_weight", "weight declared in criteria, rescaled to sum 1 per axis"),
    ), key=("weight_set", "axis", "criterion"))

AGREEMENT = Table(
    "agreement", "how far the group agrees on an axis, in a round",
    (
        _WEIGHT_SET, CRITERIA.column("axis"), _ROUND, _N_PARTICIPANTS,
        _share("concordance", "Kendall's W, corrected for ties; empty: one participant, or nothing to order"),
        _share("mean_quartile_range", "quartile range of the weights, mean over the criteria"),
    ), key=("weight_set", "axis", "round"))

ROUND_CHANGES = Table(
    "round_changes", "what changed for a criterion between the last two rounds",
    (
        _WEIGHT_SET, CRITERIA.column("axis"), CRITERIA.column("criterion"), CRITERIA.column("label"), _ROUND, _N_PARTICIPANTS,
        _share("group_weight", "the group's weight in this round"), _share("quartile_range", "its quartile range"),
        Column("to_discuss", "flag", "still to be talked about"),
        Column("round_before", "integer", "the round before", low=1), _count("n_participants_before", "participants who voted then"),
        _share("group_weight_before", "the group's weight then"), _share("quartile_range_before", "its quartile range then"),
        Column("to_discuss_before", "flag", "to be talked about then"),
        Column("weight_change", "number", "group_weight - group_weight_before", unit="0-1", low=-1, high=1),
    ), key=("weight_set", "axis", "criterion"))

WEIGHT_SETS = Table(
    "weight_sets", "what another set of weights would change",
    (
        Column("set_name", "text", "set of weights, in the client's words", needed=True),
        Column("in_force", "flag", "the set that the model uses", needed=True),
        *(_count(f"n_{tier}", f"accounts in {tier}") for tier in TIERS),
        _count("n_changed", "accounts in another tier than under the set in force"),
        _count("n_up", "of these, in a higher tier"), _count("n_down", "of these, in a lower tier"),
        _share("same_best_share", "share of the best accounts (ten, or as many as there are) that are the same"),
    ), key=("set_name",))

TIER_CHANGES = Table(
    "tier_changes", "an account whose tier depends on the set of weights",
    (
        Column("set_name", "text", "the other set of weights", needed=True), _ACCOUNT, _NAME, _SEGMENT,
        _amount("potential_per_year", "what it could buy of our range"),
        Column("tier", "choice", "tier under the set in force; empty: not enough known", choices=_TIER.choices),
        Column("other_tier", "choice", "tier under the other set", choices=_TIER.choices),
        _count("rank", "rank by value under the set in force"), _count("other_rank", "rank by value under the other set"),
    ), key=("set_name", "account"))

ASSUMPTIONS = Table(
    "assumptions", "a number that the model rests on, and why we believe it",
    (
        Column("name", "text", "identifier", needed=True), Column("value", "text", "value used", needed=True),
        Column("low", "number", "lower end of the range in the sources"), Column("high", "number", "upper end of the range in the sources"),
        Column("unit", "text", "unit"), Column("basis", "choice", "measured, judged or assumed", needed=True,
                                              choices=_choices(measured=(), judged=(), assumed=())),
        Column("source", "text", "where it comes from"),
    ), key=("name",))

RESPONSE_SUMMARY = Table(
    "response_summary", "what effort brings in a tier, by the room's answers, and where today's hours would earn most",
    (
        Column("tier", "choice", "gold, silver or bronze", needed=True, choices=_TIER.choices),
        _count("n_answers", "answers"),
        *(replace(RESPONSE.column(name), needed=False) for name in ("nothing", "half", "half_more", "most")),
        Column("most_low", "number", "lowest answer to most", unit="multiple of today's sales", low=0),
        Column("most_high", "number", "highest answer to most", unit="multiple of today's sales", low=0),
        Column("shape", "number", "exponent of the curve; above 1 it is S-shaped", unit="–", low=0),
        _hours("present_hours_per_year", "hours today"), _amount("sales_per_year", "sales today"),
        Column("sales_per_hour_now", "number", "what the next hour brings today", unit="currency/hour", low=0),
        _hours("best_hours_per_year", "hours in the split of today's hours that sells most"),
        _amount("best_sales_per_year", "sales with that split"),
    ), key=("tier",))

SIZES = Table(
    "sizes", "a size of the team with its best split of hours over the tiers",
    (
        Column("n_reps", "number", "people", unit="full-time equivalents", low=0),
        _hours("hours_per_year", "hours with and for accounts"), _amount("sales_per_year", "sales with the best split"),
        _amount("contribution_per_year", "margin rate x sales"), _amount("cost_per_year", "cost of the people"),
        Column("profit_per_year", "number", "contribution - cost", unit="currency/year"),
    ), key=("n_reps",))

#: The tables of the chain, in its order.
STEP_TABLES: tuple[Table, ...] = (
    SEGMENT_SCORES,
    SEGMENT_CONTRIBUTIONS,
    ACCOUNT_SCORES,
    ACCOUNT_TIERS,
    TIER_SUMMARY,
    ACCOUNT_EFFORT,
    ROLE_SUMMARY,
    RESPONSE_SUMMARY,
    SIZES,
    TERRITORIES,
    TERRITORY_CONDITIONS,
    PLAN_COMPARISON,
    REP_SUMMARY,
    CALLS,
    WIN_RATES,
    WIN_MODEL,
    WIN_ACCURACY,
    CALIBRATION,
    BACK_TEST,
    BACK_TEST_CURVE,
    WEIGHT_VOTES,
    SEGMENT_VOTES,
    VOTE_CONSISTENCY,
    GROUP_WEIGHTS,
    AGREEMENT,
    ROUND_CHANGES,
    WEIGHT_SETS,
    TIER_CHANGES,
    ROBUSTNESS,
    RANK_ROBUSTNESS,
    CRITERION_INFLUENCE,
    SEGMENT_DISPERSION,
    ACCOUNT_GROUPS,
    GROUP_CHOICE,
    GROUP_SUMMARY,
    GROUP_FEATURES,
    PERSONA_CARDS,
    ACCOUNT_GAPS,
    VETOES,
    TIER_MOVES,
    TIER_FLOWS,
    ASSUMPTIONS,
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
