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
    "accounting": ("Cabinet {0}", "{0} Expertise", "Comptabilité {0}"),
    "building": ("Bétons {0}", "{0} Béton", "Carrières et bétons {0}", "{0} Matériaux"),
    "care_home": ("Maison de retraite du Val {0}", "Résidence {0}-les-Pins"),
    "chemicals": ("Chimie {0}", "{0} Résines", "{0} Polymères", "{0} Formulation", "Papeteries {0}"),
    "cleaning": ("{0} Propreté", "Nettoyage {0}", "{0} Services"),
    "clinic": ("Clinique {0}", "Clinique du Parc {0}", "Polyclinique {0}"),
    "construction": ("{0} Construction", "Maçonnerie {0}", "{0} Bâtiment", "Charpentes {0}"),
    "consulting": ("Cabinet {0}", "{0} Conseil", "{0} Associés"),
    "engineering": ("{0} Ingénierie", "Bureau d’études {0}", "{0} Études"),
    "fine": ("{0} Procédés", "Laboratoires {0} Production", "{0} Instruments", "{0} Formulation"),
    "food": ("Laiterie {0}", "Conserverie {0}", "{0} Salaisons", "Boissons {0}", "{0} Ingrédients", "Biscuiterie {0}"),
    "food_lab": ("{0} Contrôles", "Laboratoire {0} Aliments", "{0} Qualité alimentaire"),
    "garage": ("Garage {0}", "{0} Automobiles", "Carrosserie {0}"),
    "hardware": ("Quincaillerie {0}", "Comptoir {0}", "Bricolage {0}"),
    "heat": ("Réseaux de chaleur {0}", "Énergies {0}", "Régie {0}"),
    "hospital": ("Centre hospitalier de {0}-les-Tours", "Hôpital {0}-la-Vallée", "Établissement hospitalier {0}"),
    "industry": ("Ateliers {0}", "{0} Industries", "Manufacture {0}", "Établissements {0}", "{0} Équipements"),
    "lab": ("Laboratoire {0}", "Biologie {0}", "Analyses {0}", "Laboratoires réunis {0}", "{0} Biologie médicale"),
    "logistics": ("Entrepôts {0}", "{0} Logistique", "Plateforme {0} Fret"),
    "materials": ("{0} Matériaux", "Négoce {0}", "Bois et matériaux {0}"),
    "metals": ("Fonderies {0}", "Forges {0}", "Chaudronnerie {0}", "{0} Métal", "Mécanique {0}", "Usinage {0}"),
    "plumbing": ("{0} Plomberie", "Chauffage {0}", "Établissements {0}"),
    "public": ("Communauté de communes du Val {0}", "Syndicat mixte du pays de {0}", "Ville de {0}-le-Neuf",
               "Agglomération {0} et Rives"),
    "research": ("Institut {0}", "Plateforme {0}", "{0} Biosciences", "Centre de recherche {0}"),
    "roads": ("Travaux publics {0}", "{0} Routes", "Terrassements {0}"),
    "staffing": ("{0} Intérim", "Agence {0} Emploi"),
    "trade": ("Comptoir {0}", "{0} Distribution", "Négoce {0}", "{0} Fournitures"),
    "vehicles": ("{0} Équipements", "Plasturgie {0}", "{0} Composites", "{0} Pièces techniques", "Emboutissage {0}"),
    "vet": ("Laboratoire vétérinaire {0}", "Clinique vétérinaire {0}", "{0} Santé animale"),
    "waste": ("{0} Environnement", "{0} Recyclage", "Tri et valorisation {0}"),
    "water": ("Eaux du Val {0}", "Régie des eaux {0}", "{0} Eau"),
}
_LEGAL_FORMS = ("", "", "", " SAS", " SARL", " SA")
_WITHOUT_FORM = {"public", "hospital", "care_home"}
_FIRST_NAMES = ("Camille", "Julien", "Sophie", "Nicolas", "Claire", "Thomas", "Hélène", "Mathieu", "Nadia", "Antoine",
                "Isabelle", "Karim", "Émilie", "Laurent", "Céline", "Olivier", "Sandrine", "Yann", "Aurélie", "Vincent")
_LAST_NAMES = ("Martin", "Bernard", "Petit", "Durand", "Leroy", "Moreau", "Simon", "Laurent", "Lefèvre", "Roux",
               "Fournier", "Girard", "Bonnet", "Lambert", "Fontaine", "Rousseau", "Faure", "Mercier", "Blanc", "Guérin")


def draw_roots(rng: np.random.Generator, n: int) -> list[str]:
    """Return n different invented roots, none of them a well-known name."""
    roots = ["".join(parts) for parts in product(_STARTS, _MIDDLES, _ENDS)]
    roots = [root for root in roots if root.casefold() not in KNOWN_NAMES]
    return [roots[i] for i in rng.permutation(len(roots))[:n]]


def make_company_name(rng: np.random.Generator, root: str, *, trade: str) -> str:
    """Return the name of a company of a trade."""
    patterns = _PATTERNS[trade]
    pattern, form = patterns[rng.integers(len(patterns))], _LEGAL_FORMS[rng.integers(len(_LEGAL_FORMS))]
    return pattern.format(root) + ("" if trade in _WITHOUT_FORM else form)


def draw_people(rng: np.random.Generator, n: int) -> list[str]:
    """Return n different names of people, first name and last name; n is at most 20."""
    first, last = rng.permutation(len(_FIRST_NAMES))[:n], rng.permutation(len(_LAST_NAMES))[:n]
    return [f"{_FIRST_NAMES[i]} {_LAST_NAMES[j]}" for i, j in zip(first, last, strict=True)]
