import pytest

from salesmodel_kit.chain import build_model
from salesmodel_kit.tables import CALLS, make_schema


def test_plan_calls_goes_from_gold_to_bronze_with_the_weeks_between(client_factory):
    calls = build_model(client_factory()).calls

    gold = calls[calls["tier"] == "gold"]
    assert calls["tier"].iloc[0] == "gold"
    assert gold["weeks_between_calls"].tolist() == pytest.approx([52 / 24] * len(gold))
    assert calls["rep_name"].dropna().isin(["Anna Ferrand", "Bruno Costes", "Carla Meunier"]).all()
    make_schema(CALLS).validate(calls)
