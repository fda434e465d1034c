import json

import pytest

from salesmodel_kit.client.decisions import parse_journal

WHOLE = {"at": "2026-01-01T00:00:00+00:00", "by": "A", "reason": "r", "subject": "x"}


@pytest.mark.parametrize(("given", "column", "value", "expected"), [
    ({"kind": "override_tier", "new": "purple"}, "new", "purple", "One of these is expected"),
    ({"kind": "set_weights", "new": {"size": -1}}, "new.size", "-1", "at least"),
    ({"kind": "set_tier_rule", "new": {"rule": "cutoff", "gold": 1.5}}, "new.gold", "1.5", "at most"),
    ({"kind": "set_selling_hours", "new": "many"}, "new", "many", "A number"),
    ({"kind": "remove_rep", "new": "soon"}, "new", "soon", "takes no value"),
    ({"kind": "set_response", "new": {"nothing": 1}}, "new", "{'nothing': 1}", "All these answers"),
    ({"kind": "set_weights", "new": {}}, "new", "", "At least one entry"),
    ({"kind": "withdraw"}, "new", "", "is needed"),
    ({"kind": "paint", "new": ""}, "kind", "paint", "One of these is expected"),
    ({"kind": "withdraw", "new": "", "colour": "red"}, "new.colour", "red", "no such key"),
])
def test_parse_journal_names_the_part_the_value_and_what_was_expected(given, column, value, expected):
    line = json.dumps(WHOLE | given).encode() + b"\n"

    problem = parse_journal(b"\n" + line, "decisions.jsonl").problems[0]

    assert (problem.row, problem.column, problem.value) == (2, column, value)
    assert expected in problem.message.template
