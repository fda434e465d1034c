"""The arithmetic for 10,000 clients is that of the figures on the same page."""

from __future__ import annotations

from tools import scale


def test_the_page_holds_the_arithmetic_of_its_figures():
    page = scale.PAGE.read_text(encoding="utf-8")

    assert scale.renew(page) == page, "run python tools/scale.py"


def test_write_arithmetic_divides_the_clients_by_what_the_cores_make():
    said = scale.write_arithmetic({"one_worker": 500, "two_workers": 800, "processor": 9, "memory": 1.5, "size": 20,
                                   "files": 50, "unchanged": 5})

    assert "| 1 | 500 | 20.0 | 2 GB |" in said
    assert "| 8 | 3,200 | 3.1 | 12 GB |" in said  # 8 x 800 / 2; 10,000 / 3,200
    assert "80% of what one worker alone makes" in said
    assert "25 hours of one core" in said  # 10,000 x 9 s
    assert "200 GB in 0.5 million files" in said
    assert "50 s on a local disk" in said
