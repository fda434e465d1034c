"""The vote as a process: where it listens, what it logs, and what a kill leaves."""

import os
import re
import socket
import sys
import threading

import httpx
import pytest
from vote_server import Server, find_port
from voting_room import POINTS, write_room

from salesmodel_kit.cli import main
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.workshop.vote.server import find_own_address, is_loopback, list_hosts


@pytest.fixture
def start(tmp_path, monkeypatch):
    monkeypatch.setenv("SALESMODEL_LANGUAGE", "en")
    running = []

    def begin(*options, **changes):
        if not (tmp_path / "client.yaml").exists():
            write_room(tmp_path, **changes)
        running.append(Server(tmp_path, "--port", find_port(), *options))
        return running[-1]

    yield begin
    for server in running:
        server.end()


def open_round(server):
    with httpx.Client() as browser:
        browser.get(server.room, follow_redirects=True)
        browser.post(f"{server.address}/room/open", data={"method": "points", "weight_set": ""})
        slips = browser.get(f"{server.address}/room/slips").text
    return [code.replace("-", "") for code in re.findall(r'class="code">([^<]+)<', slips)]


def vote(server, code, first):
    return httpx.post(f"{server.address}/v/{code}", headers={"accept": "application/json"},
                      data={"stamp": "1 points ", "axis": "chance", **POINTS, "points-0": str(first)}).json()["saved"]


def test_run_vote_answers_on_this_machine_only_and_says_so(start):
    server = start()

    assert server.address.startswith("http://127.0.0.1:")
    assert "this machine only" in "".join(server.said)


def test_run_vote_says_that_it_is_open_to_the_network(start):
    server = start("--host", "0.0.0.0")

    assert "open to everybody on this network" in "".join(server.said)
    assert httpx.get(f"{server.address}/").status_code == 200


def test_run_vote_never_logs_a_code(start):
    server = start()
    codes = open_round(server)
    httpx.get(f"{server.address}/v/{codes[0]}")
    httpx.get(f"{server.address}/v/WRONGCODE1")

    said = server.end()

    assert codes[0] not in said
    assert "WRONGCODE1" not in said


def test_run_vote_lets_no_second_vote_in_on_the_same_client(start, tmp_path, capsys):
    start()

    assert main(["workshop", str(tmp_path), "--vote", "--port", find_port()]) == 2
    assert "Another vote" in capsys.readouterr().err


def test_run_vote_refuses_a_port_that_is_taken(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SALESMODEL_LANGUAGE", "en")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code = main(["workshop", str(write_room(tmp_path)), "--vote", "--port", str(taken.getsockname()[1])])

    assert code == 2
    assert "--port" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="kills as Linux does")
def test_a_kill_loses_nothing_that_was_shown_as_saved(start, tmp_path):
    people = "participant,name\n" + "".join(f"P{n},Voter {n}\n" for n in range(12))
    server = start(participants_csv=people)
    codes, saved, under_way = open_round(server), {}, threading.Event()

    def keep_voting(number):
        for first in range(1, 400):
            try:
                if vote(server, codes[number], first):
                    saved[number] = first
                if len(saved) == 12 and first > 3:
                    under_way.set()
            except (httpx.HTTPError, ValueError):
                return

    voters = [threading.Thread(target=keep_voting, args=(number,)) for number in range(12)]
    for voter in voters:
        voter.start()
    assert under_way.wait(timeout=60)
    os.kill(server.process.pid, 9)
    for voter in voters:
        voter.join()

    votes = open_client(tmp_path).votes
    kept = votes[votes["criterion"] == "distance"].set_index("participant")["vote"]
    assert len(saved) == 12
    assert all(kept[f"P{number}"] >= first for number, first in saved.items())
    again = start()
    assert httpx.get(f"{again.address}/v/{codes[0]}").text.count("Saved.") >= 1


def test_find_own_address_is_the_one_that_was_given():
    assert find_own_address("192.0.2.7") == "192.0.2.7"
    assert re.fullmatch(r"[\d.]+", find_own_address("0.0.0.0"))


def test_list_hosts_never_takes_every_name():
    assert "*" not in list_hosts("192.0.2.7")
    assert not is_loopback("192.0.2.7")
