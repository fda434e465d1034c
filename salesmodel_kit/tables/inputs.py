"""The tables of a client's folder."""

from __future__ import annotations

from salesmodel_kit.tables.columns import (
    LEVELS,
    ROLE_CHOICES,
    SIZE_BANDS,
    TIER_CHOICES,
    Column,
    Table,
    make_choices,
)

# fmt: off
CRITERIA = Table(
    "criteria",
    "a criterion: how it is measured, its anchors and its weight",
    (
        Column("criterion", "id", "identifier; the name of the column that holds its performances",
               needed=True, headers=("critère", "id", "code")),
        Column("label", "text", "name in the client's words", needed=True,
               headers=("libellé", "nom", "name", "intitulé")),
        Column("axis", "choice", "the axis that the criterion belongs to", needed=True, choices=make_choices(
            attractiveness=("attrait", "attractivité", "attraits"),
            competitive_strength=("atouts", "force concurrentielle", "competitive strength", "compétitivité"),
            potential=("potentiel", "potentiel de développement", "development potential"),
            chance=("chances", "chance de vendre", "chance to win", "chances de succès")),
            headers=("axe",)),
        Column("direction", "choice", "benefit: more is better; cost: less is better", needed=True,
               choices=make_choices(benefit=("bénéfice", "plus", "+", "croissant"), cost=("coût", "moins", "-", "décroissant")),
               headers=("sens",)),
        Column("worst", "number", "performance that is worth 0", needed=True, unit="the criterion's own",
               headers=("pire", "plancher", "minimum")),
        Column("best", "number", "performance that is worth 1", needed=True, unit="the criterion's own",
               headers=("meilleur", "plafond", "maximum")),
        Column("weight", "number", "importance within the axis; rescaled to sum 1", needed=True, low=0,
               headers=("poids", "pondération", "points")),
        Column("serves", "choice", "the strategy that this criterion speaks for; empty: every strategy",
               choices=make_choices(conquest=("conquête",), retention=("fidélisation", "rétention")), headers=("sert", "stratégie")),
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
        Column("previous_tier", "choice", "tier of the last model", choices=TIER_CHOICES, headers=("niveau précédent", "ancien niveau")),
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
        Column("role", "choice", "field, inside, partner or customer success", needed=True, choices=ROLE_CHOICES,
               headers=("rôle", "fonction", "métier")),
        Column("selling_hours_per_year", "number",
               "hours with or for accounts, travel included; empty: from the calendar where leave is known, else from the assumptions; 0: does not sell, and counts for no need of people", unit="hours/year", low=0, high=4000,
               headers=("heures de vente", "heures de vente par an", "heures commerciales", "selling hours")),
        Column("leave_days_per_year", "number", "all days of leave in a year; empty: as assumed, or as the dates of leave say", unit="days/year",
               low=0, high=366, headers=("jours de congé", "congés par an", "days of leave")),
        Column("training_days_per_year", "number", "days of training and meetings in a year; empty: as assumed", unit="days/year", low=0, high=366,
               headers=("jours de formation", "days of training")),
        Column("holiday_part", "text", "part of the country whose public holidays hold, by its code; empty: the profile's",
               headers=("jours fériés de", "subdivision", "holidays of")),
        Column("cost_per_year", "number", "pay, charges, vehicle and overheads", unit="currency/year", low=0,
               headers=("coût annuel", "coût", "cost")),
        Column("postal_code", "id", "postal code of the home or office", headers=("code postal", "cp", "zip")),
        Column("city", "text", "town of the home or office", headers=("ville", "commune", "town", "base")),
        Column("latitude", "number", "latitude, WGS 84", unit="degrees", low=-90, high=90, headers=("lat",)),
        Column("longitude", "number", "longitude, WGS 84", unit="degrees", low=-180, high=180, headers=("lon", "lng", "long")),
        Column("skills", "text", "skills, separated by commas", headers=("compétences",)),
        Column("languages", "text", "languages, separated by commas", headers=("langues",)),
        Column("place_home", "flag", "true: has no home yet; the town from which the field drives least is proposed",
               headers=("domicile à placer", "home to be placed")),
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
               choices=make_choices(open=("ouverte", "en cours", "ouvert"), won=("gagnée", "gagné", "closed won"),
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
        Column("tier", "choice", "gold, silver or bronze", needed=True, choices=TIER_CHOICES, headers=("niveau",)),
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
               needed=True, choices=make_choices(
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
        Column("tier", "choice", "gold, silver or bronze; empty: every tier", choices=TIER_CHOICES, headers=("niveau", "classe")),
        Column("segment", "id", "market segment; empty: every segment", headers=("code segment", "segment de marché")),
        Column("who_decides", "text", "who decides, who advises, who signs", headers=("qui décide", "décideur", "who decides")),
        Column("how_to_reach", "text", "how these people are reached", headers=("comment les joindre", "accès", "how to reach")),
        Column("notes", "text", "anything else", headers=("remarques", "notes", "commentaires")),
    ),
    key=("tier", "segment"), needed=False, sheets=("profils types", "personas"),
)


LEAVE = Table(
    "leave",
    "days on which somebody does not sell, beside weekends and public holidays",
    (
        Column("rep", "id", "who is away; empty: everyone", headers=("commercial", "matricule")),
        Column("first_day", "date", "first day away", needed=True, headers=("du", "début", "premier jour", "from", "first day")),
        Column("last_day", "date", "last day away, included", needed=True,
               headers=("au", "fin", "dernier jour", "until", "to", "last day")),
        Column("reason", "text", "leave, training, closure, in any words; nobody else is shown it", headers=("motif", "raison")),
    ),
    key=("rep", "first_day"), needed=False, sheets=("congés", "absences", "leave"),
)


CALLS_MADE = Table(
    "calls_made",
    "a call that was made: the call plan goes on from it",
    (
        Column("account", "id", "the account called on", needed=True, headers=("compte", "client", "code client", "account id")),
        Column("made_on", "date", "day of the call", needed=True, headers=("date", "le", "jour", "fait le", "visité le", "day")),
        Column("rep", "id", "who made it; empty: not known", headers=("commercial", "owner", "responsable")),
    ),
    key=("account", "made_on"), needed=False, sheets=("visites faites", "appels passés", "calls", "visites"),
)


PLAN = Table(
    "plan",
    "an account in a plan of territories edited by hand: its rep there, instead of wished_rep of the accounts",
    (
        Column("account", "id", "the account", needed=True, headers=("compte", "client", "code client", "account id")),
        Column("name", "text", "its name, for who reads the plan; not used", headers=("nom", "raison sociale", "account name")),
        Column("rep", "id", "its rep in this plan; empty: as proposed", headers=("commercial", "responsable", "owner")),
    ),
    key=("account",), needed=False, sheets=("plan de secteurs", "secteurs", "territories"),
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
    LEAVE,
    CALLS_MADE,
    PLAN,
)
# fmt: on
