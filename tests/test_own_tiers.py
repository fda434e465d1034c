"""A client's own tiers: every exhibit calls them by the client's names."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from demo_models import demo_client
from small_client import make_client
from test_exhibits import EVERYTHING, read

from salesmodel_kit.chain import build_model
from salesmodel_kit.language import Language
from salesmodel_kit.narrative.reasons import tell_vetoes
from salesmodel_kit.narrative.telling import tell
from salesmodel_kit.narrative.votes import tell_tier_changes

LEVELS = ("platinum", "gold", "silver", "bronze")
NAMES = dict(zip(LEVELS, ("Key", "Core", "Wide", "Rest"), strict=True))
KIT_WORDS = re.compile(r"\b(platinum|gold|silver|bronze|platine|or|argent)\b", re.IGNORECASE)


def name_tiers(client):
    strategy = client.strategy
    names = {tier: {"en": name, "fr": name} for tier, name in NAMES.items()}
    rule = strategy.tiers.model_copy(update={
        "rule": "account_share", "levels": LEVELS, "platinum": 0.2, "gold": 0.2, "silver": 0.2, "names": names})
    gold = next(norm for norm in strategy.call_norms if norm.tier == "gold")
    norms = (gold.model_copy(update={"tier": "platinum"}), *strategy.call_norms)
    return replace(client, strategy=strategy.model_copy(update={"tiers": rule, "call_norms": norms}))


@pytest.fixture(scope="module", params=["en", "fr"])
def model(request):
    client = make_client(overrides=[("006", "platinum", "New plant", "Anna", "2026-09-30")])
    profile = client.profile.model_copy(update={"language": request.param})
    accounts = client.accounts.assign(previous_tier="silver").astype({"previous_tier": "str"})
    return build_model(name_tiers(replace(client, profile=profile, accounts=accounts)))


@pytest.fixture(scope="module", params=["en", "fr"])
def full_model(request):
    """Return a client with deals, several sets of votes, answers on effort, and a veto that hits the best tier."""
    client = demo_client("software-publisher", request.param)
    ranks = client.criteria["axis"].eq("potential") & client.criteria["best"].gt(client.criteria["worst"])
    criteria = client.criteria.assign(veto=client.criteria["best"].where(ranks))
    # a scenario's label is the client's own words
    scenarios = [replace(one, file=one.file.model_copy(update={"label": {"en": f"S{n}"}}), name=f"s{n}")
                 for n, one in enumerate(client.scenarios)]
    return build_model(name_tiers(replace(client, criteria=criteria, scenarios=tuple(scenarios))))


def find_kit_words(exhibit, language):
    seen = read(exhibit)
    said = seen.text + " ".join(attrs["alt"] for attrs in seen.find("img"))
    # the conjunction, and money
    said = said.replace(" or ", " ") if language == "en" else said.replace("en argent", "")
    return KIT_WORDS.findall(said)


@pytest.mark.parametrize("show", EVERYTHING)
def test_exhibit_calls_tiers_by_the_names_of_the_client(show, model):
    assert find_kit_words(show(model), model.profile.language) == []


@pytest.mark.parametrize("show", EVERYTHING)
def test_exhibit_of_a_client_with_everything_calls_tiers_by_its_names(show, full_model):
    assert find_kit_words(show(full_model), full_model.profile.language) == []


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kept_out", [[], ["Alvane"]])
def test_sentences_on_vetoes_weights_and_the_past_use_the_names_of_the_client(kept_out, language):
    own = Language(language, tiers=tuple(NAMES.items()))
    tiers = pd.DataFrame({"account": kept_out, "name": kept_out, "veto": ["fit"] * len(kept_out), "score": 0.7,
                          "tier": "platinum", "potential_per_year": 1.0})
    changes = pd.DataFrame({"account": ["1", "2"], "name": ["A", "B"], "tier": ["platinum", "gold"],
                            "other_tier": ["gold", "platinum"]})

    vetoes = tell_vetoes(pd.DataFrame({"label": ["Fit"], "veto": [2.0]}), tiers, tiers, language=own)
    weights = tell_tier_changes(changes, in_force="Votes", language=own)
    missing = tell("sizes", "responses_missing", language=own), tell("outcomes", "back_test_no_gold", language=own)

    said = " ".join([*(f"{c.title} {c.subtitle} {c.alt}" for c in (vetoes, weights)), *missing])
    assert "Key" in said
    assert KIT_WORDS.findall(said.replace(" or ", " ")) == []
    assert re.search(r"1\b.*Key.*1\b.*Key", str(weights.title))


def test_model_puts_every_account_into_one_of_the_clients_tiers(model):
    assert set(model.account_tiers["tier"]) <= set(LEVELS)
    assert model.account_tiers.set_index("account").at["006", "tier"] == "platinum"
    assert model.rep_summary["n_gold"].sum() <= (model.account_tiers["tier"] == "platinum").sum()
