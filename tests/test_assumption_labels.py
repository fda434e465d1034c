"""The annex of assumptions: every number is named in words, in both languages."""

import pytest
from small_client import make_client

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.assumptions import ASSUMPTION_BOUNDS
from salesmodel_kit.reports.exhibits.board import show_assumptions


@pytest.mark.parametrize("language", ["en", "fr"])
def test_show_assumptions_names_every_assumption_that_the_chain_knows_in_words(language):
    declared = {name: {"value": low or 0.1, "unit": "share", "basis": "assumed", "source": "Anna"}
                for name, (low, _) in ASSUMPTION_BOUNDS.items()}
    model = build_model(make_client(profile={"language": language, "assumptions": declared}))

    html = show_assumptions(model).html

    assert [name for name in ASSUMPTION_BOUNDS if name in html] == []
