"""Parts of a batch: every client falls to exactly one, and the index is over all of them."""

from __future__ import annotations

import json

import pytest
from client_files import PROFILE, write_client
from hypothesis import given
from hypothesis import strategies as some
from stand_in import hash_tree, write_exhibit_notebook, write_notebook

from salesmodel_kit.batch import run as runs
from salesmodel_kit.batch.manifest import read_manifest
from salesmodel_kit.batch.run import gather_runs, run_notebooks
from salesmodel_kit.batch.settings import Settings
from salesmodel_kit.batch.shards import Shard, parse_shard
from salesmodel_kit.batch.target import hold_staging
from salesmodel_kit.errors import SalesModelError


@given(some.text(min_size=1, max_size=64), some.integers(1, 50))
def test_shard_takes_every_client_exactly_once(client, n_shards):
    assert sum(Shard(number, n_shards).takes(client) for number in range(1, n_shards + 1)) == 1


def test_shard_takes_clients_in_even_parts():
    counts = [sum(Shard(number, 4).takes(f"client-{each}") for each in range(4000)) for number in (1, 2, 3, 4)]

    assert min(counts) > 900  # 1000 each, give or take three standard deviations of 27


def test_shard_takes_a_client_whatever_the_case_of_its_id():
    assert [Shard(number, 7).takes("ACME") for number in range(1, 8)] == [
        Shard(number, 7).takes("acme") for number in range(1, 8)]


@pytest.mark.parametrize("text", ["0/4", "5/4", "a/b", "1", "1/0", "-1/4", "1/4/2", "", "1.5/4"])
def test_parse_shard_refuses_what_is_no_part(text):
    with pytest.raises(SalesModelError, match="from 1/4 to 4/4 where there are four"):
        parse_shard(text)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shards")
    for name in ("alpha", "beta", "gamma", "delta"):
        write_client(folder / name, client_yaml=PROFILE.replace("id: acme", f"id: {name}"))
    write_exhibit_notebook(folder / "01_first.ipynb")
    return folder


def run_part(place, out, *, shard=None, clients=("alpha", "beta", "gamma", "delta"), notebook="01_first.ipynb"):
    return run_notebooks([place / name for name in clients], notebooks=[place / notebook], out=out,
                         settings=Settings(jobs=1, engine="kernel", shard=shard))


@pytest.mark.slow
def test_parts_of_a_batch_make_what_a_whole_batch_makes(place, tmp_path):
    whole = run_part(place, tmp_path / "whole")

    parts = [run_part(place, tmp_path / "parts", shard=Shard(number, 3)) for number in (1, 2, 3)]

    assert not (tmp_path / "parts" / "index.html").exists()
    assert sorted(result.client_id for part in parts for result in part) == sorted(each.client_id for each in whole)
    assert gather_runs(tmp_path / "parts") == f"{tmp_path}/parts/index.html"
    skipped = ("run.json", "manifest.jsonl", "index.html")
    assert hash_tree(tmp_path / "parts", skip=skipped) == hash_tree(tmp_path / "whole", skip=skipped)
    page = (tmp_path / "parts" / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{result.client_id}/report.html"' in page for result in whole)
    assert read_manifest(tmp_path / "parts").keys() == {"alpha", "beta", "gamma", "delta"}
    assert {path.name for path in (tmp_path / "parts").iterdir()} == {
        "alpha", "beta", "gamma", "delta", "index.html", "manifest.jsonl"}


@pytest.mark.slow
def test_gather_runs_says_what_failed_in_a_part(place, tmp_path):
    write_notebook(place / "bad.ipynb", "ratio = 1 / 0")
    run_part(place, tmp_path, shard=Shard(1, 1), clients=("alpha",), notebook="bad.ipynb")

    gather_runs(tmp_path)

    assert "ZeroDivisionError" in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert [json.loads(line)["status"] for line in (tmp_path / "manifest.jsonl").read_text().splitlines()] == ["failed"]


def test_gather_runs_refuses_a_folder_without_results(tmp_path):
    with pytest.raises(SalesModelError, match="There is no report in"):
        gather_runs(tmp_path)


def test_hold_staging_lets_parts_write_at_the_same_time_and_keeps_a_whole_run_out(tmp_path):
    with hold_staging(tmp_path, shard=Shard(1, 2)) as ours, hold_staging(tmp_path, shard=Shard(2, 2)) as others:
        assert ours.is_dir()
        assert others.is_dir()
        for shard in (None, Shard(1, 2)):
            with pytest.raises(SalesModelError, match="Another run is writing"), hold_staging(tmp_path, shard=shard):
                pass

    assert list(tmp_path.iterdir()) == []


def test_a_part_without_clients_does_nothing(place, tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "Workers", None)
    empty = next(shard for number in range(1, 9) if not (shard := Shard(number, 8)).takes("alpha"))

    assert run_part(place, tmp_path, shard=empty, clients=("alpha",)) == ()
