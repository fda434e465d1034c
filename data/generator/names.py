"""Invented names: companies from syllables and patterns of their trade, people from common first and last names."""

from __future__ import annotations

from itertools import product

import numpy as np

_STARTS = ("Bel", "Cor", "Dal", "Fer", "Gal", "Mar", "Nor", "Ord", "Pel", "Ral", "Sol", "Tar", "Val", "Ver", "Briv",
           "Clam", "Drom", "Flav", "Griv", "Trum", "Lan", "Mel", "Naur", "Quer", "Rous", "Saur", "Tel", "Vaud", "Jar",
           "Haur")
_MIDDLES = ("a", "e", "i", "o", "ou", "an", "in", "é")
_ENDS = ("dane", "vel", "rine", "toux", "lac", "lmont", "ssac", "brel", "vier", "dac", "zieu", "vane", "lis", "rance",
         "taine", "gnac", "doux", "ric", "rbois", "quet")
#: Well-known names that an invented one must not equal (compared without case).
KNOWN_NAMES = frozenset({
    "accor", "acome", "air liquide", "airbus", "alstom", "altarea", "altran", "amadeus", "arkema", "atos", "axa",
    "belin", "bellon", "berger-levrault", "biogroup", "biomérieux", "bonduelle", "bouygues", "capgemini",
    "carrefour", "casino", "cegedim", "cegid", "cerba", "ciril", "colas", "cora", "dalkia", "dalloz", "danone",
    "dassault", "decathlon", "edf", "eiffage", "elior", "elis", "engie", "equans", "eramet", "essilor", "eurofins",
    "fervac", "fives", "fnac", "framatome", "galenica", "galia", "groupama", "hermès", "idex", "imerys", "inovie",
    "ipsen", "kering", "lactalis", "lafarge", "legrand", "lvmh", "manitou", "marignac", "marionnaud", "merck",
    "michelin", "mérieux", "naval group", "nexans", "norauto", "onet", "orange", "orano", "orpea", "pernod",
    "peugeot", "poclain", "quadient", "ramsay", "renault", "rexel", "roche", "safran", "sage", "saint-gobain",
    "sanofi", "sartorius", "schneider", "sodexo", "sogelink", "somfy", "spie", "stellantis", "suez", "synlab",
    "technip", "thales", "totalenergies", "ubisoft", "unilabs", "valeo", "vallourec", "valrhona", "veolia",
    "verallia", "verney", "vicat", "vinci", "virbac", "vivendi", "wavestone",
})

_PATTERNS = {
    "industry": ("Ateliers {0}", "Mécanique {0}", "{0} Industries", "{0} Usinage", "Manufacture {0}",
                 "Établissements {0}", "{0} Équipements"),
    "metals": ("Fonderies {0}", "Forges {0}", "Chaudronnerie {0}", "{0} Métal", "Mécanique {0}", "Usinage {0}"),
    "vehicles": ("{0} Équipements", "Plasturgie {0}", "{0} Composites", "{0} Pièces techniques", "Emboutissage {0}"),
    "chemicals": ("Chimie {0}", "{0} Résines", "Papeteries {0}", "{0} Polymères", "{0} Formulation"),
    "food": ("Laiterie {0}", "Conserverie {0}", "{0} Salaisons", "Boissons {0}", "{0} Ingrédients", "Biscuiterie {0}"),
    "fine": ("{0} Procédés", "Laboratoires {0} Production", "{0} Instruments", "{0} Formulation"),
    "building": ("Bétons {0}", "{0} Béton", "Carrières et bétons {0}", "{0} Matériaux"),
    "trade": ("Comptoir {0}", "{0} Distribution", "Négoce {0}", "{0} Fournitures", "Quincaillerie {0}",
              "{0} Matériaux"),
    "services": ("Cabinet {0}", "{0} Conseil", "{0} Services", "{0} Ingénierie", "Bureau d'études {0}", "{0} Propreté"),
    "construction": ("{0} Construction", "Travaux publics {0}", "Maçonnerie {0}", "{0} Bâtiment", "Charpentes {0}"),
    "public": ("Communauté de communes du Val {0}", "Syndicat mixte du pays de {0}", "Ville de {0}-le-Neuf",
               "Agglomération {0} et Rives", "Office public de {0}-sur-Combe"),
    "hospital": ("Centre hospitalier de {0}-les-Tours", "Hôpital {0}-la-Vallée", "Maison de santé du Val {0}",
                 "Établissement hospitalier {0}"),
    "clinic": ("Clinique {0}", "Clinique du Parc {0}", "Polyclinique {0}"),
    "lab": ("Laboratoire {0}", "Biologie {0}", "Analyses {0}", "Laboratoires réunis {0}", "{0} Biologie médicale"),
    "vet": ("Laboratoire vétérinaire {0}", "Clinique vétérinaire {0}", "{0} Santé animale"),
    "food_lab": ("{0} Contrôles", "Laboratoire {0} Aliments", "{0} Qualité alimentaire"),
    "research": ("Institut {0}", "Plateforme {0}", "{0} Biosciences", "Centre de recherche {0}"),
    "utilities": ("Eaux du Val {0}", "Réseaux de chaleur {0}", "Régie {0}", "Énergies {0}", "{0} Environnement"),
    "logistics": ("Entrepôts {0}", "{0} Logistique", "Plateforme {0} Fret"),
}
_LEGAL_FORMS = ("", "", "", " SAS", " SARL", " SA")
_BARE = {"public", "hospital"}
_FIRST_NAMES = ("Camille", "Julien", "Sophie", "Nicolas", "Claire", "Thomas", "Hélène", "Mathieu", "Nadia", "Antoine",
                "Isabelle", "Karim", "Émilie", "Laurent", "Céline", "Olivier", "Sandrine", "Yann", "Aurélie", "Vincent")
_LAST_NAMES = ("Martin", "Bernard", "Petit", "Durand", "Leroy", "Moreau", "Simon", "Laurent", "Lefèvre", "Roux",
               "Fournier", "Girard", "Bonnet", "Lambert", "Fontaine", "Rousseau", "Faure", "Mercier", "Blanc", "Guérin")


def draw_roots(rng: np.random.Generator, n: int) -> list[str]:
    """Return n different invented roots, none of them a well-known name."""
    roots = ["".join(parts) for parts in product(_STARTS, _MIDDLES, _ENDS)]
    roots = [root for root in roots if root.casefold() not in KNOWN_NAMES]
    return [roots[i] for i in rng.permutation(len(roots))[:n]]


def make_company_name(rng: np.random.Generator, root: str, *, trades: list[str]) -> str:
    """Return the name of a company of one of the trades."""
    trade = trades[rng.integers(len(trades))]
    patterns = _PATTERNS[trade]
    pattern, form = patterns[rng.integers(len(patterns))], _LEGAL_FORMS[rng.integers(len(_LEGAL_FORMS))]
    return pattern.format(root) + ("" if trade in _BARE else form)


def draw_people(rng: np.random.Generator, n: int) -> list[str]:
    """Return n different names of people, first name and last name; n is at most 20."""
    first, last = rng.permutation(len(_FIRST_NAMES))[:n], rng.permutation(len(_LAST_NAMES))[:n]
    return [f"{_FIRST_NAMES[i]} {_LAST_NAMES[j]}" for i, j in zip(first, last, strict=True)]
