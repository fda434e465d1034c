"""A client's own tiers: every exhibit calls them by the client's names."""

import re
from dataclasses import replace

import pytest
from small_client import make_client
from test_exhibits import EVERYTHING, read

from salesmodel_kit.chain import build_model

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


@pytest.mark.parametrize("show", EVERYTHING)
def test_exhibit_calls_tiers_by_the_names_of_the_client(show, model):
    seen = read(show(model))

    said = seen.text + " ".join(attrs["alt"] for attrs in seen.find("img"))
    if model.profile.language == "en":
        said = said.replace(" or ", " ")
    assert KIT_WORDS.findall(said) == []


def test_model_puts_every_account_into_one_of_the_clients_tiers(model):
    assert set(model.account_tiers["tier"]) <= set(LEVELS)
    assert model.account_tiers.set_index("account").at["006", "tier"] == "platinum"
    assert model.rep_summary["n_gold"].sum() <= (model.account_tiers["tier"] == "platinum").sum()
