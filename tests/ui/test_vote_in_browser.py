"""A vote as a room has it: three phones, a projector, two rounds; then the group's weights are in the model."""

from __future__ import annotations

import pytest
from test_report_in_browser import violations
from vote_server import Server, find_port
from voting_room import PROFILE, write_room

from salesmodel_kit.chain import open_model
from salesmodel_kit.cli import main

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PROJECTOR = {"viewport": {"width": 1920, "height": 1080}}


@pytest.fixture
def open_page(browser):
    """Return a function that opens a page in a context of its own and notes what it says and fetches."""
    contexts = []

    def open_context(url, **options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.said, page.fetched = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.fetched.append(request.url))
        page.goto(url)
        return page

    yield open_context
    for context in contexts:
        context.close()


@pytest.fixture
def vote(tmp_path, monkeypatch):
    monkeypatch.setenv("SALESMODEL_LANGUAGE", "en")
    server = Server(write_room(tmp_path), "--port", find_port())
    yield server
    server.end()


def read_codes(room, vote):
    room.goto(f"{vote.address}/room/slips")
    codes = room.locator(".slip .code").all_inner_texts()
    room.goto(f"{vote.address}/room")
    return codes


def join(open_page, vote, code):
    phone = open_page(vote.address, **PHONE)
    phone.get_by_label("Your personal code").fill(code.lower())
    phone.get_by_role("button", name="Go on").click()
    return phone


def cast(phone, numbers):
    phone.locator("form.ballot").wait_for()
    for number, field in zip(numbers, phone.locator("input[type=number]").all(), strict=True):
        field.fill(str(number))
    phone.get_by_role("button", name="Save").click()
    phone.get_by_text("Saved. You may change it").wait_for()


def wait_for_count(room, n_done):
    room.locator("#done", has_text=str(n_done)).wait_for(timeout=10_000)


def test_a_room_votes_twice_and_its_weights_count(open_page, vote, tmp_path):
    room = open_page(vote.room, **PROJECTOR)
    codes = read_codes(room, vote)
    phones = [join(open_page, vote, code) for code in codes[:3]]
    phones[0].get_by_text("The vote has not begun").wait_for()

    room.get_by_role("button", name="Open the first round").click()
    for phone in phones:
        phone.locator("form.ballot").wait_for(timeout=10_000)
    assert violations(phones[0]) == []
    cast(phones[0], (61, 23, 16))
    wait_for_count(room, 1)
    assert violations(room) == []
    seen = [page.content() for page in (room, phones[1], phones[2])]
    assert not [number for number in ("61", "23") for page in seen if f'"{number}"' in page or f">{number}<" in page]
    cast(phones[1], (20, 50, 30))
    cast(phones[2], (15, 25, 60))
    wait_for_count(room, 3)
    assert room.locator("#who li.done").count() == 3
    assert "<script>alert(1)</script>" in room.locator("#who").inner_text()

    room.get_by_role("button", name="Close the round").click()
    phones[2].get_by_text("The round is closed").wait_for(timeout=10_000)
    room.get_by_role("link", name="Show the dispersion").click()
    room.get_by_text("To be talked about").first.wait_for()
    assert room.locator("img.chart").evaluate("picture => picture.complete && picture.naturalWidth > 100")
    assert violations(room) == []

    room.get_by_role("link", name="Back to the vote").click()
    room.get_by_role("button", name="Open the next round").click()
    for phone, numbers in zip(phones, ((40, 40, 20), (35, 45, 20), (30, 50, 20)), strict=True):
        phone.get_by_text("Round 2").wait_for(timeout=10_000)
        cast(phone, numbers)
    wait_for_count(room, 3)
    room.get_by_role("button", name="Close the round").click()
    room.get_by_role("link", name="Show the dispersion").click()
    room.get_by_text("What talking changed").wait_for()
    room.get_by_text("After talking, the middle half of the votes narrows").wait_for()

    for page in (room, *phones):
        assert page.said == []
        assert all(url.startswith((vote.address, "data:")) for url in page.fetched)
    vote.end()
    assert main(["check", str(tmp_path)]) == 0
    (tmp_path / "client.yaml").write_text(PROFILE + "weights_from: votes\n", encoding="utf-8")
    criteria = open_model(tmp_path).criteria.set_index("criterion")
    means = [(a * b * b * c) ** 0.25 for a, b, c in ((40, 35, 30), (40, 45, 50), (20, 20, 20))]
    assert [criteria.loc[name, "weight"] for name in ("distance", "trust", "price")] == pytest.approx(
        [mean / sum(means) for mean in means], abs=1e-6)


def test_a_reload_and_a_lost_connection_lose_nothing(open_page, vote):
    room = open_page(vote.room, **PROJECTOR)
    codes = read_codes(room, vote)
    room.get_by_role("button", name="Open the first round").click()
    phone = join(open_page, vote, codes[0])
    fields = phone.locator("input[type=number]")
    fields.nth(0).fill("12.5")
    phone.get_by_role("button", name="Trust: more").click()
    assert phone.locator(".sum output").inner_text() == "17.5"

    phone.reload()
    assert fields.nth(0).input_value() == "12.5"
    assert "not saved yet" in phone.locator(".status").inner_text()
    fields.nth(2).fill("70")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Save").click()
    phone.get_by_text("No connection").wait_for()
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Save").click()
    phone.get_by_text("Saved.").wait_for()
    phone.reload()

    assert [field.input_value() for field in fields.all()] == ["12.5", "5", "70"]


def test_a_ballot_without_script_is_saved(open_page, vote):
    room = open_page(vote.room, **PROJECTOR)
    codes = read_codes(room, vote)
    room.get_by_role("button", name="Open the first round").click()
    room.get_by_role("button", name="Close the round").wait_for()
    phone = join(lambda url, **options: open_page(url, java_script_enabled=False, **options), vote, codes[1])

    cast(phone, (1, 2, 3))

    wait_for_count(room, 1)
    assert phone.locator("output").inner_text() == "6"


def test_pages_never_scroll_sideways_on_a_small_phone(open_page, vote):
    room = open_page(vote.room, **PROJECTOR)
    codes = read_codes(room, vote)
    for method in ("points", "comparison", "best_worst", "rating"):
        room.locator("select[name=method]").select_option(method)
        room.locator(".opening button").click()
        phone = open_page(f"{vote.address}/v/{codes[1].replace('-', '')}", **PHONE | {
            "viewport": {"width": 320, "height": 640}})
        assert phone.evaluate("document.documentElement.scrollWidth") <= 320
        assert violations(phone) == []
        room.get_by_role("button", name="Close the round").click()
