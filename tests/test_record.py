"""What a batch notes: the page of all clients and its language."""

from __future__ import annotations

import pytest

from salesmodel_kit.batch.record import write_record
from salesmodel_kit.batch.results import ClientResult


@pytest.mark.parametrize(("spoken", "asked", "environment", "code"), [
    (("fr", "fr"), None, "en", "fr"), (("en", "fr"), None, "fr", "fr"), (("en", "fr"), None, "en", "en"),
    (("fr", "fr"), "en", "fr", "en"),
])  # fmt: skip
def test_write_record_speaks_as_asked_as_all_clients_do_or_as_the_system(
        tmp_path, monkeypatch, spoken, asked, environment, code):
    monkeypatch.setenv("SALESMODEL_LANGUAGE", environment)
    results = [ClientResult(f"c{at}", "failed", client_id=f"c{at}", language=language)
               for at, language in enumerate(spoken)]

    write_record(results, out=tmp_path, language=asked)

    assert f'<html lang="{code}">' in (tmp_path / "index.html").read_text(encoding="utf-8")
