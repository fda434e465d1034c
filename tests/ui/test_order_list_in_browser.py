"""The list that is put in order by hand, in a real browser, before a model that only keeps what it is given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from salesmodel_kit.workshop import order_list

pytestmark = pytest.mark.browser

SCRIPT = Path(order_list.__file__).with_name("order_list.js")
HOSTILE = "<img src=x onerror='window.stung = true'>"
LABELS = {"size": "Size " * 30, "growth": HOSTILE, "sites": "Sites", "plan": "Plan"}
NAMES = list(LABELS)
_OPEN = """async ([script, facts, css]) => {
  const heard = [], kept = { ...facts };
  window.saved = [];
  window.model = {
    get: (name) => kept[name],
    set: (name, value) => { kept[name] = value; heard.forEach((tell) => tell()); },
    save_changes: () => saved.push(kept.order.join(' ')),
    on: (_, tell) => heard.push(tell), off: () => {},
  };
  const { default: widget } = await import(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
  document.head.append(Object.assign(document.createElement('style'), { textContent: css }));
  widget.render({ model, el: document.body });
}"""


@pytest.fixture
def page(browser):
    page = browser.new_page()
    facts = {"labels": LABELS, "order": NAMES, "question": "Which?", "hint": "Drag.",
             "place_words": "{criterion}: place {n}"}
    page.evaluate(_OPEN, [SCRIPT.read_text(encoding="utf-8"), facts, str(order_list.OrderList._css)])
    yield page
    page.close()


def drag(page, first: int, last: int, *, drops: bool = True) -> None:
    rows = page.locator("li button")
    boxes = [rows.nth(at).bounding_box() for at in (first, last)]
    page.mouse.move(boxes[0]["x"] + 40, boxes[0]["y"] + boxes[0]["height"] / 2)
    page.mouse.down()
    page.mouse.move(boxes[1]["x"] + 40, boxes[1]["y"] + boxes[1]["height"] / 2 + (4 if last > first else -4), steps=5)
    if drops:
        page.mouse.up()


def read_order(page) -> list[str]:
    shown = [text.strip() for text in page.locator("li span:nth-child(2)").all_text_contents()]
    return [next(name for name, label in LABELS.items() if label.strip() == text) for text in shown]


@pytest.mark.parametrize(("first", "last", "expected"), [
    (0, 3, "growth sites plan size"), (3, 0, "plan size growth sites"), (1, 2, "size sites growth plan"),
    (2, 1, "size sites growth plan"),
])
def test_drag_puts_a_row_where_it_is_dropped(page, first, last, expected):
    drag(page, first, last)

    assert page.evaluate("saved") == [expected]
    assert read_order(page) == expected.split()
    assert page.locator(".smk-place").all_text_contents() == ["1.", "2.", "3.", "4."]
    assert page.evaluate("document.activeElement.textContent").endswith(LABELS[NAMES[first]])


def test_drag_shows_the_places_before_the_row_is_dropped_and_escape_leaves_all_as_it_was(page):
    drag(page, 0, 3, drops=False)
    shown = page.locator(".smk-place").all_text_contents()
    page.keyboard.press("Escape")
    page.mouse.up()

    assert shown == ["4.", "1.", "2.", "3."]
    assert page.evaluate("saved") == []
    assert page.locator(".smk-place").all_text_contents() == ["1.", "2.", "3.", "4."]


def test_a_click_alone_moves_nothing(page):
    page.locator("li button").nth(2).click()

    assert page.evaluate("saved") == []


@pytest.mark.parametrize(("key", "expected"), [
    ("ArrowUp", "growth size sites plan"), ("ArrowDown", "size sites growth plan"), ("Home", "growth size sites plan"),
    ("End", "size sites plan growth"), ("4", "size sites plan growth"), ("9", "size sites plan growth"),
])
def test_key_moves_the_row_that_has_the_focus_and_says_its_place(page, key, expected):
    page.locator("li button").nth(1).focus()
    page.keyboard.press(key)

    assert page.evaluate("saved") == [expected]
    assert page.get_by_role("status").inner_text() == f"{HOSTILE}: place {expected.split().index('growth') + 1}"
    assert page.evaluate("document.activeElement.textContent").endswith(HOSTILE)


def test_key_at_the_end_of_the_list_or_with_another_meaning_moves_nothing(page):
    page.locator("li button").first.focus()
    for key in ("ArrowUp", "1", "Control+ArrowDown", "a", "0"):
        page.keyboard.press(key)

    assert page.evaluate("saved") == []


def test_labels_are_text_whatever_they_hold(page):
    assert page.locator("img").count() == 0
    assert page.evaluate("window.stung") is None
    assert page.locator("li").nth(1).inner_text().endswith(HOSTILE)


def test_order_that_comes_from_the_model_is_shown_and_ends_a_drag(page):
    drag(page, 0, 3, drops=False)
    page.evaluate(f"model.set('order', {json.dumps(NAMES[::-1])})")
    page.mouse.up()

    assert read_order(page) == NAMES[::-1]
    assert page.evaluate("saved") == []


def test_a_second_finger_does_not_disturb_the_row_that_is_dragged(page):
    page.evaluate("""() => {
      Element.prototype.setPointerCapture = () => {};
      const rows = [...document.querySelectorAll('li button')];
      const places = rows.map((row) => row.getBoundingClientRect()).map((box) => box.top + box.height / 2);
      const send = (kind, at, pointerId, clientY) => rows[at].dispatchEvent(
        new PointerEvent(kind, { pointerId, clientY, button: 0, pointerType: 'touch', bubbles: true }));
      send('pointerdown', 3, 1, places[3]);
      send('pointermove', 3, 1, places[1] - 4);
      send('pointerdown', 0, 2, places[0]);
      send('pointermove', 0, 2, places[3] + 40);
      send('pointerup', 0, 2, places[3] + 40);
      send('pointerup', 3, 1, places[1] - 4);
    }""")

    assert page.evaluate("saved") == ["size plan growth sites"]
