"""Places that cannot be, and locks that cannot be kept, are refused with a sentence."""

import shutil

import pandas as pd
import pytest

from salesmodel_kit.client.folder import open_client
from salesmodel_kit.errors import InputProblems
from salesmodel_kit.resources import find_resource

DEMO = "industrial-services"


@pytest.fixture
def folder(tmp_path):
    target = tmp_path / "client"
    shutil.copytree(find_resource("data", DEMO), target)
    return target


def change(folder, table, changes):
    """Write values into the first rows of a table: column -> list."""
    path = folder / f"{table}.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    for column, values in changes.items():
        if column not in frame:
            frame[column] = ""
        frame.loc[: len(values) - 1, column] = values
    frame.to_csv(path, index=False)


def list_problems(folder):
    with pytest.raises(InputProblems) as raised:
        open_client(folder)
    return raised.value.problems


@pytest.mark.parametrize(
    ("latitude", "longitude", "words"),
    [("2.35", "48.86", "swapped"), ("0", "0", "open sea"), ("45.0", "-4.0", "open sea")],
)
def test_a_place_that_cannot_be_is_named_with_row_and_remedy(folder, latitude, longitude, words):
    change(folder, "accounts", {"latitude": [latitude], "longitude": [longitude]})

    problem = list_problems(folder)[0]

    assert (problem.row, problem.column, problem.value) == (2, "latitude", latitude)
    assert words in str(problem)


def test_a_lock_that_contradicts_a_skill_is_refused(folder):
    reps = pd.read_csv(folder / "reps.csv", dtype=str)
    change(folder, "accounts", {"required_skill": ["Toxicology"], "locked_rep": [reps["rep"][0]]})

    problem = list_problems(folder)[0]

    assert (problem.row, problem.column) == (2, "locked_rep")
    assert "Toxicology" in str(problem)


@pytest.mark.parametrize("column", ["locked_rep", "wished_rep"])
def test_a_rep_who_is_not_there_or_leaves_is_refused(folder, column):
    reps = pd.read_csv(folder / "reps.csv", dtype=str)
    change(folder, "reps", {"leaving": ["true"]})
    change(folder, "accounts", {column: [reps["rep"][0], "nobody-at-all"]})

    problems = list_problems(folder)

    assert sorted(problem.row for problem in problems) == [2, 3]
    assert any("leaves" in str(problem) for problem in problems)


def test_a_lock_to_a_rep_with_the_skill_is_kept(folder):
    reps = pd.read_csv(folder / "reps.csv", dtype=str)
    change(folder, "reps", {"skills": ["Toxicology, GMP"]})
    change(folder, "accounts", {"required_skill": ["toxicology"], "locked_rep": [reps["rep"][0]]})

    client = open_client(folder)

    assert client.accounts["locked_rep"].iloc[0] == reps["rep"][0]
