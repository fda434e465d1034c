"""Anchors: proposed from the data, accepted into the client's file, everything else in it untouched."""

import numpy as np
import pandas as pd
import pytest
from client_files import CRITERIA, write_client
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.cli.anchoring import show_anchors
from salesmodel_kit.client.anchors import accept_anchors
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language
from salesmodel_kit.model.anchors import FEWEST, propose_anchors, round_anchors

FRENCH = ("critère;libellé;axe;sens;pire;meilleur;poids;# remarque\r\n"
          'growth;"Croissance; forte";attrait;bénéfice;-0,05;0,15;10;"à ""voir"""\r\n'
          "know_how;Savoir-faire;atouts;bénéfice;1;5;10;\r\n"
          "projects;Projets;potentiel;bénéfice;1;5;10;x\r\n\r\n"
          "distance;Distance;chances;coût;300;0;10;\r\n")


def make_criteria(**changes):
    row = {"axis": "potential", "criterion": "size", "label": "Size", "worst": 0.0, "best": 50.0, **changes}
    return pd.DataFrame([row])


def test_propose_anchors_turns_round_where_less_is_better():
    found = propose_anchors(pd.DataFrame({"size": np.arange(0.0, 1001.0)}), make_criteria(worst=50.0, best=0.0))

    assert found[["proposed_worst", "proposed_best"]].iloc[0].tolist() == [1000.0, 0.0]


@pytest.mark.parametrize("performances", [np.arange(float(FEWEST - 1)), np.full(100, 7.0), np.full(100, np.nan)])
def test_propose_anchors_proposes_nothing_from_too_little(performances):
    found = propose_anchors(pd.DataFrame({"size": performances}), make_criteria())

    assert found[["proposed_worst", "proposed_best"]].isna().all(axis=None)


@pytest.mark.parametrize("changes", [{"level_3": "settled"}, {"value_points": "0:0; 50:1"}])
def test_propose_anchors_leaves_out_criteria_that_have_their_scale(changes):
    assert propose_anchors(pd.DataFrame({"size": np.arange(100.0)}), make_criteria(**changes)).empty


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9))
def test_round_anchors_gives_two_different_numbers_near_the_given(low, span):
    high = low + span
    if high - low < 1e-9 * max(abs(low), 1.0):
        return

    worst, best = round_anchors(low, high)

    assert worst < best
    assert abs(worst - low) <= 0.2 * (high - low)
    assert abs(best - high) <= 0.2 * (high - low)


@pytest.mark.parametrize(("encoding", "mark"), [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("cp1252", b"")])
def test_accept_anchors_changes_two_cells_and_keeps_the_rest_and_a_copy(tmp_path, encoding, mark):
    before = mark + FRENCH.encode(encoding)
    folder = write_client(tmp_path / "acme", criteria_csv=before)

    former = accept_anchors(folder, {("attractiveness", "growth"): (0.0, 0.25), ("chance", "distance"): (150.0, 10.0)})

    changed = FRENCH.replace('growth;"Croissance; forte";attrait;bénéfice;-0,05;0,15',
                             'growth;"Croissance; forte";attrait;bénéfice;0;0,25').replace("coût;300;0", "coût;150;10")
    assert (folder / "criteria.csv").read_bytes() == mark + changed.encode(encoding)
    assert former.read_bytes() == before
    assert former.parent == folder / "former"
    assert open_client(folder).criteria["best"].tolist() == [0.25, 5, 5, 10]


def test_accept_anchors_writes_decimal_points_where_the_file_has_them(tmp_path):
    folder = write_client(tmp_path / "acme")

    accept_anchors(folder, {("attractiveness", "growth"): (-0.1, 0.25)})

    text = (folder / "criteria.csv").read_text(encoding="utf-8")
    assert text == CRITERIA.replace("-0.05,0.15", "-0.1,0.25")


@pytest.mark.parametrize("anchors", [(1.0, 1.0), (0.0, float("inf")), (float("nan"), 1.0)])
def test_accept_anchors_refuses_anchors_that_cannot_be(tmp_path, anchors):
    folder = write_client(tmp_path / "acme")
    before = (folder / "criteria.csv").read_bytes()

    with pytest.raises(SalesModelError, match="growth"):
        accept_anchors(folder, {("attractiveness", "growth"): anchors})

    assert (folder / "criteria.csv").read_bytes() == before
    assert not (folder / "former").exists()


def test_accept_anchors_refuses_demo_clients():
    with pytest.raises(SalesModelError, match="--example software-publisher"):
        accept_anchors("demo:software-publisher", {})


def write_many(folder):
    rows = "".join(f"{number:03d},Name {number},S1,{number}\n" for number in range(101))
    return write_client(folder, accounts_csv="account,name,segment,distance\n" + rows)


def test_show_anchors_writes_nothing_unless_accepted(tmp_path, capsys):
    folder = write_many(tmp_path / "acme")
    before = (folder / "criteria.csv").read_bytes()

    show_anchors(str(folder), only=(), accept=False, language=Language("en"))

    said = capsys.readouterr().out
    assert ("Distance: worst 100 proposed in place of 300; best 0 stays. "
            "Of 101 known performances 5% lie at or below 5") in said
    assert "Growth: worst −0.05 and best 0.15 stay; 2 known performances say too little." in said
    assert "Nothing was written." in said
    assert (folder / "criteria.csv").read_bytes() == before


def test_show_anchors_writes_what_is_accepted_and_then_has_nothing_to_change(tmp_path, capsys):
    folder = write_many(tmp_path / "acme")

    show_anchors(str(folder), only=("distance",), accept=True, language=Language("en"))
    show_anchors(str(folder), only=("distance",), accept=True, language=Language("en"))

    said = capsys.readouterr().out
    assert "Written into the criteria: Distance." in said
    assert said.rstrip().endswith("Nothing to change.")
    assert "distance,Distance,chance,cost,100,0,10" in (folder / "criteria.csv").read_text(encoding="utf-8")


def test_show_anchors_names_the_criteria_there_are(tmp_path):
    folder = write_client(tmp_path / "acme")

    with pytest.raises(SalesModelError, match=r"nope.*growth, distance"):
        show_anchors(str(folder), only=("nope",), accept=False, language=Language("en"))
