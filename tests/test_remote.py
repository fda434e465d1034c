"""Clients and reports on an object store: an S3 server on this machine plays it."""

from __future__ import annotations

import json

import fsspec
import pytest
from client_files import PROFILE, write_client
from stand_in import hash_tree, write_exhibit_notebook

from salesmodel_kit.batch import run as runs
from salesmodel_kit.batch.faults import Fault
from salesmodel_kit.batch.fetching import locate_clients
from salesmodel_kit.batch.remote import RemoteOut
from salesmodel_kit.batch.run import gather_runs, run_notebooks
from salesmodel_kit.batch.settings import Settings
from salesmodel_kit.batch.shards import Shard
from salesmodel_kit.errors import SalesModelError

pytestmark = pytest.mark.slow

QUICK = Settings(jobs=1, engine="kernel")
TIMED = ("run.json", "manifest.jsonl", "index.html")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("remote")
    for name in ("alpha", "beta"):
        write_client(folder / "clients" / name, client_yaml=PROFILE.replace("id: acme", f"id: {name}"))
    write_exhibit_notebook(folder / "01_first.ipynb")
    run_notebooks([folder / "clients" / name for name in ("alpha", "beta")], notebooks=[folder / "01_first.ipynb"],
                  out=folder / "out", settings=QUICK)
    return folder


def put_clients(place, store):
    system, bucket = store
    system.put(str(place / "clients"), f"{bucket}/clients", recursive=True)
    return f"s3://{bucket}/clients/*"


def run(place, clients, out, **settings):
    return run_notebooks(clients if isinstance(clients, list) else [clients], notebooks=[place / "01_first.ipynb"],
                         out=out, settings=Settings(jobs=1, engine="kernel", **settings))


def fetch_results(store, tmp_path, result):
    system, _ = store
    target = tmp_path / "fetched" / result.client_id
    system.get(str(result.folder).removeprefix("s3://"), str(target), recursive=True)
    return hash_tree(target)


def test_clients_and_reports_on_an_object_store_are_the_same_bytes_as_here(place, store, tmp_path):
    system, bucket = store
    clients = put_clients(place, store)
    before = {name: info["ETag"] for name, info in system.find(f"{bucket}/clients", detail=True).items()}

    results = run(place, clients, f"s3://{bucket}/reports")

    assert [(result.client_id, result.status) for result in results] == [("alpha", "done"), ("beta", "done")]
    for result in results:
        assert fetch_results(store, tmp_path, result) == hash_tree(place / "out" / result.client_id, skip=TIMED)
    page = system.cat_file(f"{bucket}/reports/index.html").decode()
    assert all(f'href="{str(result.folder).split("/reports/")[1]}/report.html"' in page for result in results)
    assert len(system.cat_file(f"{bucket}/reports/manifest.jsonl").splitlines()) == 2
    assert {name: info["ETag"] for name, info in system.find(f"{bucket}/clients", detail=True).items()} == before
    assert "canary" not in page


def test_a_batch_on_an_object_store_resumes_by_content(place, store, monkeypatch):
    system, bucket = store
    clients, out = put_clients(place, store), f"s3://{bucket}/reports"
    first = run(place, clients, out)
    monkeypatch.setattr(runs, "Workers", None)  # nothing runs

    assert [result.status for result in run(place, clients, out)] == ["unchanged", "unchanged"]

    monkeypatch.undo()
    for name, value in (("AWS_ENDPOINT_URL", system.client_kwargs.get("endpoint_url")),):
        if value:
            monkeypatch.setenv(name, value)
    assert len(first) == 2


def test_a_batch_on_an_object_store_makes_again_what_was_touched(place, store):
    system, bucket = store
    put_clients(place, store)
    out = f"s3://{bucket}/reports"
    first = run(place, f"s3://{bucket}/clients/alpha", out)[0]
    report = f"{str(first.folder).removeprefix('s3://')}/report.html"
    good = system.cat_file(report)
    system.pipe_file(report, good.replace(b"a", b"b"))

    assert run(place, f"s3://{bucket}/clients/alpha", out)[0].status == "done"
    assert system.cat_file(report) == good
    system.rm_file(report)
    assert run(place, f"s3://{bucket}/clients/alpha", out)[0].status == "done"


def test_results_on_an_object_store_are_named_only_when_all_of_them_are_there(place, store, tmp_path, monkeypatch):
    system, bucket = store
    put_clients(place, store)
    remote = RemoteOut(f"s3://{bucket}/reports")
    run(place, f"s3://{bucket}/clients/alpha", remote.address)
    former = system.cat_file(f"{bucket}/reports/alpha/run.json")
    folder = tmp_path / "new"
    (folder / "figures").mkdir(parents=True)
    (folder / "report.html").write_text("new")
    (folder / "run.json").write_text(json.dumps({"client": "alpha", "outputs": {"report.html": "1", "gone.csv": "2"}}))

    with pytest.raises(Fault, match="cannot be read or written"):
        remote.send(folder)

    assert system.cat_file(f"{bucket}/reports/alpha/run.json") == former
    assert run(place, f"s3://{bucket}/clients/alpha", remote.address)[0].status == "unchanged"


def test_a_place_on_an_object_store_that_is_no_result_is_refused(place, store):
    system, bucket = store
    put_clients(place, store)
    system.pipe_file(f"{bucket}/reports/alpha/notes.txt", b"mine")

    with pytest.raises(SalesModelError, match=r"s3://.*/reports/alpha exists and is not the result of a run"):
        run(place, f"s3://{bucket}/clients/alpha", f"s3://{bucket}/reports")
    with pytest.raises(SalesModelError, match="cannot go into the client's own folder"):
        run(place, f"s3://{bucket}/clients/alpha", f"s3://{bucket}/clients/alpha/out")

    assert system.cat_file(f"{bucket}/reports/alpha/notes.txt") == b"mine"


def test_parts_on_an_object_store_are_gathered_into_one_page(place, store):
    system, bucket = store
    clients, out = put_clients(place, store), f"s3://{bucket}/reports"
    parts = [run(place, clients, out, shard=Shard(number, 2)) for number in (1, 2)]

    assert not system.exists(f"{bucket}/reports/index.html")
    assert gather_runs(out) == f"{out}/index.html"

    assert sorted(result.client_id for part in parts for result in part) == ["alpha", "beta"]
    page = system.cat_file(f"{bucket}/reports/index.html").decode()
    assert all(f"{name}/" in page for name in ("alpha", "beta"))
    assert [name.rsplit("/", 1)[1] for name in system.glob(f"{bucket}/reports/manifest*")] == ["manifest.jsonl"]


@pytest.mark.parametrize(("client", "said"), [
    ("memory://clients/acme", "is no place for clients or reports"),
    ("simplecache::s3://clients/acme", "is no place for clients or reports"),
    ("s3://", "is no place for clients or reports"),
    ("s3://user:secret@bucket/acme", "holds no name and no password"),
    ("nothing://clients/acme", "there is no such kind of address"),
])
def test_locate_clients_refuses_an_address_in_one_sentence(client, said, tmp_path):
    found = locate_clients([client], scratch=tmp_path)[0]

    assert (found.status, said in str(found.sentence)) == ("refused", True)
    assert "secret" not in str(found.sentence)


def test_locate_clients_says_that_nothing_is_there(store, tmp_path):
    _, bucket = store

    for client in (f"s3://{bucket}/clients/none", f"s3://{bucket}/none/*", f"s3://{bucket}/none.xlsx"):
        found = locate_clients([client], scratch=tmp_path)[0]
        assert (found.status, "there is no such folder or workbook" in str(found.sentence)) == ("refused", True), found


def test_locate_clients_says_that_a_store_does_not_answer(store, tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    fsspec.get_filesystem_class("s3").clear_instance_cache()

    found = locate_clients(["s3://bucket/acme"], scratch=tmp_path)[0]

    assert "s3://bucket/acme cannot be read or written" in str(found.sentence)


def test_fetched_clients_lie_apart_and_hold_no_more_than_their_input(place, store, tmp_path):
    system, bucket = store
    put_clients(place, store)
    system.pipe_file(f"{bucket}/clients/alpha/archive/old.csv", b"x")
    system.pipe_file(f"{bucket}/clients/alpha/film.mp4", b"x")
    system.pipe_file(f"{bucket}/clients/alpha/strategies/grow.yaml", b"x")
    system.pipe_file(f"{bucket}/clients/alpha/strategies/.hidden.yaml", b"x")
    system.pipe_file(f"{bucket}/clients/alpha/scenarios/fewer_reps.yaml", b"x")
    system.pipe_file(f"{bucket}/clients/alpha/previous_run/tables/account_tiers.csv", b"x")
    system.pipe_file(f"{bucket}/clients/alpha/previous_run/report.html", b"x")

    alpha, beta = locate_clients([f"s3://{bucket}/clients/alpha", f"s3://{bucket}/clients/beta"], scratch=tmp_path)

    assert not alpha.source.is_relative_to(beta.source.parent)
    extra = hash_tree(alpha.source).keys() - hash_tree(place / "clients" / "alpha").keys()
    assert extra == {"strategies/grow.yaml", "scenarios/fewer_reps.yaml", "previous_run/tables/account_tiers.csv"}
    assert hash_tree(beta.source) == hash_tree(place / "clients" / "beta")


def test_objects_that_stand_for_folders_are_no_files(store, tmp_path):
    system, bucket = store
    system.put(str(write_client(tmp_path / "acme", client_yaml=PROFILE)), f"{bucket}/clients/", recursive=True)
    for name in ("clients/", "clients/acme/", "clients/acme/strategies/", "reports/", "reports/acme/"):
        system.call_s3("put_object", Bucket=bucket, Key=name)

    named, starred = locate_clients([f"s3://{bucket}/clients/acme", f"s3://{bucket}/clients/*"], scratch=tmp_path / "s")
    RemoteOut(f"s3://{bucket}/reports").pull(tmp_path / "mirror")

    assert hash_tree(named.source) == hash_tree(starred.source) == hash_tree(tmp_path / "acme")
    assert list((tmp_path / "mirror").iterdir()) == []  # nothing that a run would have to spare


def test_a_folder_that_is_called_like_the_one_above_is_no_client(store, tmp_path):
    system, bucket = store
    system.call_s3("put_object", Bucket=bucket, Key="clients/../client.yaml", Body=b"id: acme\n")

    found = locate_clients([f"s3://{bucket}/clients/.."], scratch=tmp_path / "scratch")[0]

    assert found.status == "refused"
    assert not list((tmp_path / "scratch").rglob("client.yaml"))


def test_a_folder_without_input_on_a_store_is_refused_as_one_here(store, tmp_path):
    system, bucket = store
    system.pipe_file(f"{bucket}/clients/none/notes.txt", b"x")

    found = locate_clients([f"s3://{bucket}/clients/none"], scratch=tmp_path)[0]

    assert (found.status, list(found.source.iterdir())) == ("waiting", [])  # opening it says what is missing


def test_addresses_of_this_machine_are_folders(place, tmp_path):
    results = run(place, (place / "clients" / "alpha").as_uri(), tmp_path.as_uri())

    assert results[0].status == "done"
    assert (tmp_path / "alpha" / "report.html").is_file()
