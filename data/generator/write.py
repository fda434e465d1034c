"""Writes a demo client's folder, in the manner of French or of English spreadsheets."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import yaml

from generator.client import DemoClient
from generator.truth import collect_truth
from salesmodel_kit.tables import INPUT_TABLES, Column, Table

#: French headers where the first declared one is not the most natural.
FRENCH_HEADERS = {
    ("criteria", "criterion"): "critère", ("criteria", "label"): "libellé", ("segments", "segment"): "code segment",
    ("segments", "size_per_year"): "taille du marché", ("segments", "sales_per_year"): "ca annuel",
    ("accounts", "account"): "code client", ("accounts", "name"): "raison sociale",
    ("accounts", "segment"): "code segment", ("accounts", "size_band"): "tranche d'effectif",
    ("accounts", "sales_per_year"): "ca 12 mois", ("accounts", "potential_per_year"): "potentiel annuel",
    ("accounts", "present_calls_per_year"): "visites 12 mois", ("accounts", "present_hours_per_year"): "heures 12 mois",
    ("accounts", "latitude"): "latitude", ("accounts", "longitude"): "longitude",
    ("reps", "rep"): "matricule", ("reps", "role"): "fonction", ("reps", "latitude"): "latitude",
    ("reps", "longitude"): "longitude", ("reps", "cost_per_year"): "coût annuel",
    ("opportunities", "opportunity"): "affaire", ("opportunities", "account"): "code client",
    ("opportunities", "name"): "objet", ("opportunities", "closed_on"): "date de clôture",
    ("opportunities", "created_on"): "date de création", ("response", "half_more"): "moitié en plus",
    ("response", "most"): "maximum", ("participants", "participant"): "code participant",
    ("participants", "voting_power"): "poids du vote", ("votes", "participant"): "code participant",
    ("votes", "kind"): "méthode", ("votes", "segment"): "code segment", ("votes", "vote"): "jugement",
}


def write_client(client: DemoClient, folder: Path) -> None:
    """Write ``client.yaml``, the tables and ``truth/truth.json`` below ``folder``."""
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    language = client.profile["language"]
    text = yaml.safe_dump(client.profile, allow_unicode=True, sort_keys=False, width=110)
    _write_bytes(folder / "client.yaml", text.replace("data_until: '2026-09-30'", "data_until: 2026-09-30"))
    for table in INPUT_TABLES:
        if table.name not in client.tables:
            continue
        text = format_table(client.tables[table.name], table=table, language=language)
        marked = language == "fr" and client.spec.client.get("dialect_bom", False)
        _write_bytes(folder / f"{table.name}.csv", ("\ufeff" if marked else "") + text)
    for name, scenario in client.spec.client.get("scenarios", {}).items():
        (folder / "scenarios").mkdir(exist_ok=True)
        text = yaml.safe_dump(_say(scenario, language), allow_unicode=True, sort_keys=False, width=110)
        _write_bytes(folder / "scenarios" / f"{name}.yaml", text)
    truth = json.dumps(collect_truth(client), ensure_ascii=False, indent=1, sort_keys=False)
    _write_bytes(folder / "truth" / "truth.json", truth + "\n")


def _say(value: object, language: str) -> object:
    """Return what a scenario holds, names of what it adds in one language; labels stay in both."""
    if isinstance(value, dict):
        return {key: inner[language] if key == "name" and isinstance(inner, dict) else _say(inner, language)
                for key, inner in value.items()}
    return [_say(inner, language) for inner in value] if isinstance(value, list) else value


def format_table(rows: pd.DataFrame, *, table: Table, language: str) -> str:
    """Return a table as CSV text: semicolon, decimal comma and French headers, or comma, point and the kit's names."""
    declared = {column.name: column for column in table.columns}
    cells = pd.DataFrame({name: rows[name].map(_formatter(declared.get(name), language=language)) for name in rows})
    if language == "fr":
        cells.columns = [french_header(table, name) for name in cells.columns]
    return cells.to_csv(index=False, sep=";" if language == "fr" else ",", lineterminator="\n")


def french_header(table: Table, name: str) -> str:
    """Return the French header of a column; a criterion keeps its identifier."""
    if name not in table.names:
        return name
    header = FRENCH_HEADERS.get((table.name, name)) or next(iter(table.column(name).headers), name)
    return header[0].upper() + header[1:] if header != "ca 12 mois" else "CA 12 mois"


def _formatter(column: Column | None, *, language: str) -> Callable[[object], str]:
    def format_cell(value: object) -> str:
        if pd.isna(value):
            return ""
        if isinstance(value, pd.Timestamp):
            return value.strftime("%d/%m/%Y" if language == "fr" else "%Y-%m-%d")
        if isinstance(value, str):
            french = language == "fr" and column is not None and column.choices.get(value)
            return column.choices[value][0] if french else value
        number = f"{float(value):.6f}".rstrip("0").rstrip(".")
        return number.replace(".", ",") if language == "fr" else number
    return format_cell


def _write_bytes(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))
