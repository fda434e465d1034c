"""Each page and each refusal of the vote, without a network."""

import re
import tempfile
import threading
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
from voting_room import HEADER, POINTS, TestClient, write_room

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.client.votes_store import open_votes
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.workshop.vote.app import make_app
from salesmodel_kit.workshop.vote.guards import MAX_BODY
from salesmodel_kit.workshop.vote.room import Room
from salesmodel_kit.workshop.vote.tokens import MOST_GUESSES

JSON = {"accept": "application/json"}


@lru_cache
def read_text(content):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in content:
            Path(folder, name).write_text(text, encoding="utf-8")
        return open_client(folder)


def read_once(folder):
    """Return a client that is read once for all tests with the same files."""
    files = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    return read_text(tuple((path.name, path.read_text(encoding="utf-8")) for path in files))


class Site:
    """A vote with a browser for the consultant and one for everybody else."""

    def __init__(self, folder, store):
        self.folder = folder
        self.room = Room(build_model(replace(read_once(folder), source=folder)), store)
        self.app = make_app(self.room, address="http://192.0.2.1:8765", hosts=["testserver"], is_local=False)
        self.consultant = TestClient(self.app, base_url="http://testserver")
        self.phone = TestClient(self.app, base_url="http://testserver")

    def enter(self):
        return self.consultant.get("/room", params={"key": self.room.doors.key})

    def open(self, method="points", **fields):
        self.enter()
        return self.consultant.post("/room/open", data={"method": method, "weight_set": "", **fields})

    def vote(self, person="P1", answers=POINTS, **fields):
        data = {"stamp": self.room.state.stamp, "axis": "chance", **answers, **fields}
        return self.phone.post(f"/v/{self.room.doors.codes[person]}", data=data, headers=JSON)

    def show(self, person="P1"):
        return self.phone.get(f"/v/{self.room.doors.codes[person]}").text

    def votes(self):
        text = (self.folder / "votes.csv").read_text(encoding="utf-8-sig")
        return [line.split(",") for line in text.splitlines()[1:]]


@pytest.fixture
def make_site(tmp_path):
    opened = []

    def make(votes=None, **changes):
        context = open_votes(write_room(tmp_path, votes, **changes), "en")
        opened.append(context)
        return Site(tmp_path, context.__enter__())

    yield make
    for context in opened:
        context.__exit__(None, None, None)


@pytest.fixture
def site(make_site):
    return make_site()


def test_every_answer_carries_strict_headers(site):
    for path in ("/", "/style.css", "/room", "/v/WRONG", "/nowhere"):
        headers = site.phone.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]


def test_another_host_name_is_refused(site):
    assert site.phone.get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_code_opens_the_page_it_belongs_to_however_it_is_typed(site):
    code = site.room.doors.codes["P1"]

    answer = site.phone.post("/", data={"code": f"{code[:5].lower()}-{code[5:]}"})

    assert answer.url.path == f"/v/{code}"
    assert "Ann" in answer.text


def test_a_wrong_code_is_said_and_guessing_ends(site):
    answers = [site.phone.post("/", data={"code": "AAAAA-AAAAA"}) for _ in range(MOST_GUESSES + 1)]

    assert "not known" in answers[0].text
    assert [answer.status_code for answer in answers] == [404] * MOST_GUESSES + [429]
    assert site.phone.get(f"/v/{site.room.doors.codes['P1']}").status_code == 429


@pytest.mark.parametrize("path", ["/room", "/room/state", "/room/slips", "/room/dispersion", "/room/dispersion.svg"])
def test_the_consultants_pages_need_the_key(site, path):
    assert site.phone.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/room/open", "/room/close", "/room/reopen"])
def test_the_consultants_buttons_need_the_key(site, path):
    assert site.phone.post(path, data={"method": "points"}).status_code == 403
    assert site.room.state.round == 0


def test_a_participants_code_is_no_key(site):
    assert site.phone.get("/room", params={"key": site.room.doors.codes["P1"]}).status_code == 403


def test_the_key_leaves_the_address_for_a_cookie_that_scripts_cannot_read(site):
    answer = site.enter()

    cookie = answer.history[0].headers["set-cookie"]
    assert answer.url.query == b""
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()


def test_a_button_pressed_from_another_site_is_refused(site):
    site.enter()

    answer = site.consultant.post("/room/open", data={"method": "points"}, headers={"origin": "http://evil.example"})

    assert answer.status_code == 403
    assert site.room.state.round == 0


@pytest.mark.parametrize("fields", [{"method": "dice"}, {"weight_set": "x" * 61}, {"weight_set": "a\nb"}])
def test_an_impossible_round_is_refused(site, fields):
    assert site.open(**fields).status_code == 400


def test_a_vote_before_the_round_is_refused(site):
    answer = site.vote()

    assert (answer.status_code, answer.json()["saved"]) == (422, False)
    assert "has not begun" in site.show()


def test_a_vote_is_on_the_disk_when_it_is_said_to_be_saved(site):
    site.open()

    answer = site.vote()

    assert answer.json() == {"saved": True, "message": "", "wrong": {}}
    assert site.votes() == [["1", "P1", "", "points", "chance", name, "", "", vote]
                            for name, vote in (("distance", "50"), ("trust", "30"), ("price", "20"))]
    assert len(open_client(site.folder).votes) == 3


def test_a_vote_works_without_script(site):
    site.open()
    code = site.room.doors.codes["P1"]
    sent = {"stamp": site.room.state.stamp, "axis": "chance", **POINTS}

    saved = site.phone.post(f"/v/{code}", data=sent)
    refused = site.phone.post(f"/v/{code}", data=sent | {"points-1": "many"})

    assert "Saved." in saved.text
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text
    assert 'value="many"' in refused.text


def test_a_reload_shows_what_is_saved_with_its_sum(site):
    site.open()
    site.vote(answers={"points-0": "12.5", "points-1": "30", "points-2": "20"})

    page = site.show()

    assert 'value="12.5"' in page
    assert "<output>62.5</output>" in page


def test_a_vote_may_be_changed_until_the_round_is_closed(site):
    site.open()
    site.vote()
    site.vote(answers=POINTS | {"points-0": "10"})
    stamp = site.room.state.stamp
    site.consultant.post("/room/close")
    late = site.vote(answers=POINTS | {"points-0": "99"}, stamp=stamp)

    assert late.status_code == 422
    assert [row[-1] for row in site.votes()] == ["10", "30", "20"]
    site.consultant.post("/room/reopen")
    assert site.vote().status_code == 200


def test_a_page_of_another_round_saves_nothing(site):
    site.open()
    stamp = site.room.state.stamp
    site.consultant.post("/room/close")
    site.open("swing")

    assert site.vote(stamp=stamp).status_code == 422
    assert not (site.folder / "votes.csv").exists()


def test_what_is_wrong_is_said_at_its_field(site):
    site.open()

    answer = site.vote(answers={"points-0": "5", "points-1": "-1", "points-2": ""}).json()

    assert set(answer["wrong"]) == {"points-1"}
    assert answer["message"] == "Not saved: look at what is marked."


@pytest.mark.parametrize(("body", "status"), [(b"x=" + b"1" * MAX_BODY, 413), (b"&".join([b"a=1"] * 2001), 400),
                                              (b"\xff\xfe", 400)])
def test_a_body_that_is_no_vote_is_refused(site, body, status):
    site.open()

    assert site.phone.post(f"/v/{site.room.doors.codes['P1']}", content=body).status_code == status


def test_nobody_sees_the_vote_of_another(site):
    site.open()
    site.vote("P1", {"points-0": "61", "points-1": "23", "points-2": "17"})

    seen = [site.show("P2"), site.enter().text, site.consultant.get("/room/state").text, site.show("P3")]

    assert not [number for number in ("61", "23", "17") for page in seen
                if f'"{number}"' in page or f">{number}<" in page]


def test_the_count_says_who_has_voted(site):
    site.open()
    site.vote("P3")

    state = site.consultant.get("/room/state").json()

    assert state["done"] == 1
    assert [(each["name"], each["phase"]) for each in state["people"]][2] == ("Chloé", "done")


def test_hostile_names_are_text(site):
    site.open()
    pages = [site.enter().text, site.show("P2"), site.consultant.get("/room/slips").text]

    assert all("<script>alert" not in page and "&lt;script&gt;alert(1)" in page for page in pages)
    assert "Price &lt;b&gt;" in site.show()


def test_slips_hold_every_code_and_the_projector_none(site):
    room = site.enter().text
    slips = site.consultant.get("/room/slips").text

    for code in site.room.doors.codes.values():
        assert f"{code[:5]}-{code[5:]}" in slips
        assert code not in room
        assert f"{code[:5]}-{code[5:]}" not in room
    assert site.room.doors.key not in room


@pytest.mark.parametrize("method", ["points", "swing", "rank", "comparison", "best_worst", "rating"])
def test_every_way_to_judge_has_a_page(site, method):
    site.open(method)

    page = site.show()

    names = re.findall(r'(?:name)="([a-z_]+(?:-\d+)*)"', page)
    asked = [each.key for form in site.room.forms for each in form.fields]
    assert [name for name in names if name not in ("stamp", "axis", "viewport", "color-scheme", "robots")] == asked


def test_ratings_of_segments_are_saved_as_such(site):
    site.open("rating")
    site.phone.post(f"/v/{site.room.doors.codes['P1']}", headers=JSON,
                    data={"stamp": site.room.state.stamp, "axis": "attractiveness", "rating-1-0": "0.1"})

    assert site.votes() == [["1", "P1", "", "rating", "attractiveness", "growth", "", "S2", "0.1"]]
    assert site.room.list_progress()[0].n_saved == 1


def test_the_dispersion_waits_for_the_end_of_the_round_and_for_three_voters(site):
    site.open()
    for person in ("P1", "P2"):
        site.vote(person)
    open_page = site.consultant.get("/room/dispersion").text
    site.consultant.post("/room/close")
    few = site.consultant.get("/room/dispersion").text

    assert "still open" in open_page
    assert "Fewer than three" in few
    assert site.consultant.get("/room/dispersion.svg").status_code == 404


def test_the_dispersion_says_what_to_talk_about_and_what_changed(site):
    for shift in (0, 5):
        site.open()
        for person, first in (("P1", 60), ("P2", 20 + shift), ("P3", 10 + shift)):
            site.vote(person, {"points-0": str(first), "points-1": "30", "points-2": str(70 - first)})
        site.consultant.post("/room/close")

    page, picture = (site.consultant.get(f"/room/dispersion{end}") for end in ("", ".svg"))

    assert "To be talked about" in page.text
    assert "What talking changed" in page.text
    assert "Kendall" in page.text
    assert "weights_from: votes" in page.text
    assert picture.headers["content-type"].startswith("image/svg")
    assert "sandbox" in picture.headers["content-security-policy"]
    assert b"alert(1)" not in picture.content


def test_earlier_rounds_stay_and_the_next_number_follows(make_site):
    lines = "".join(f"3,P1,,points,chance,{name},,,5\n" for name in ("distance", "trust", "price"))
    site = make_site(lines)
    site.open()
    site.vote()

    assert [row[0] for row in site.votes()] == ["3"] * 3 + ["4"] * 3


def test_a_restart_goes_on_with_the_same_round_and_codes(site):
    site.open()
    site.vote()
    code, key = site.room.doors.codes["P1"], site.room.doors.key

    again = Room(site.room.model, site.room.store)

    assert (again.doors.codes["P1"], again.doors.key, again.state.round, again.state.is_open) == (code, key, 1, True)
    assert again.find_saved("P1") == {"chance": POINTS}
    assert (site.folder / ".vote.json").stat().st_mode & 0o077 == 0


def test_a_file_that_cannot_be_written_is_said_on_the_phone(site):
    site.open()
    site.vote()
    (site.folder / "votes.csv").write_text("spoilt", encoding="utf-8")

    answer = site.vote("P2")

    assert (answer.status_code, answer.json()["saved"]) == (422, False)
    assert "nothing was saved" in answer.json()["message"]


def test_thirty_at_once_lose_nothing(make_site):
    people = "participant,name\n" + "".join(f"P{n},Voter {n}\n" for n in range(30))
    site = make_site(participants_csv=people)
    site.open()
    with TestClient(site.app, base_url="http://testserver") as phones:
        site.phone = phones
        answers = []
        voters = [threading.Thread(target=lambda n=n: answers.append(site.vote(f"P{n}", POINTS | {
            "points-0": str(n)}).json()["saved"])) for n in range(30)]
        for voter in voters:
            voter.start()
        for voter in voters:
            voter.join()

    assert answers == [True] * 30
    assert sorted(int(row[-1]) for row in site.votes() if row[5] == "distance") == list(range(30))


def test_a_client_without_participants_is_refused(make_site):
    with pytest.raises(SalesModelError, match=r"participants\.csv"):
        make_site(participants_csv=None)


def test_votes_without_a_header_of_sets_stay_readable(make_site, tmp_path):
    site = make_site()
    (site.folder / "votes.csv").write_text(HEADER.replace(",weight_set", "").replace(",against", ""), encoding="utf-8")
    site.open(weight_set="short term")
    site.vote()

    assert open_client(tmp_path).votes["weight_set"].tolist() == ["short term"] * 3
