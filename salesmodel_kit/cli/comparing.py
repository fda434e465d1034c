"""``salesmodel diff``: who moved tier between two runs, and why."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pandas as pd

from salesmodel_kit.cli.console import make_safe, write_out
from salesmodel_kit.errors import SalesModelError, describe_os_error
from salesmodel_kit.language import N_, Language

#: Moves that are shown; ``--csv`` writes them all.
MOST_SHOWN = 40
_WIDTH = 140
_HEADINGS = {
    "account": N_("Account"),
    "name": N_("Name"),
    "tier_before": N_("Before"),
    "tier_after": N_("After"),
    "score_before": N_("Value before"),
    "score_after": N_("Value after"),
    "cause": N_("Cause"),
}


def compare_runs(first: str, second: str, *, csv: str | None, language: Language) -> None:
    """Say who moved tier between two runs of one client, and why.

    Parameters
    ----------
    first, second : str
        Folders of one client in the results of ``salesmodel run``, the earlier first.
    csv : str, optional
        File for all moves.
    language : Language
        The user's.

    Raises
    ------
    SalesModelError
        One is no run, or they are of two clients or of two versions of the kit.
    """
    from salesmodel_kit.chain import build_model
    from salesmodel_kit.client.runs import open_run
    from salesmodel_kit.comparison import compare_models

    before, after = open_run(first), open_run(second)
    if before.kit_version != after.kit_version:
        raise SalesModelError("These runs were made by two versions of the kit, {first} and {second}; run both again "
                              "with one version.", first=before.kit_version, second=after.kit_version)
    earlier, later = build_model(before.client), build_model(after.client)
    moves = compare_models(earlier, later).moves
    words = Language(language.code, later.language.currency, later.language.tiers)
    write_out(_sum_up(moves, n_accounts=len(later.account_tiers), client=later.profile.name, language=words))
    if csv is not None:
        _write_csv(moves, Path(csv), language=words, format_of=later.language.code)
    if len(moves):
        write_moves(moves.head(MOST_SHOWN), words)
    if len(moves) > MOST_SHOWN and csv is None:
        write_out(language.text("{n_more} more; --csv FILE writes them all.",
                                n_more=language.number(len(moves) - MOST_SHOWN)))


def _sum_up(moves: pd.DataFrame, *, n_accounts: int, client: str, language: Language) -> str:
    if moves.empty:
        return language.text("{client}: no account changed tier.", client=client)
    causes = moves["cause"].value_counts(sort=True)
    parts = [f"{language.word('cause', name)} {language.number(count)}" for name, count in causes.items()]
    return language.text("{client}: moves between tiers: {n_moves}, accounts now: {n_accounts}. By cause: {causes}.",
                         client=client, n_moves=language.number(len(moves)), n_accounts=language.number(n_accounts),
                         causes=", ".join(parts))


def write_moves(moves: pd.DataFrame, language: Language) -> None:
    """Write who moved tier as a table.

    Parameters
    ----------
    moves : pandas.DataFrame
        Table ``tier_moves``.
    language : Language
        With the client's names of tiers.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for heading in _HEADINGS.values():
        table.add_column(language.text(heading), overflow="fold")
    for row in moves[[*_HEADINGS, "steps"]].to_dict(orient="records"):
        table.add_row(*(Text(make_safe(cell)) for cell in _say_move(row, language)))
    stream = sys.stdout
    Console(file=stream, width=None if stream.isatty() else _WIDTH, highlight=False).print(table)


def _say_move(row: dict[str, object], language: Language) -> list[str]:
    tiers = [language.word("tier", row[name]) for name in ("tier_before", "tier_after")]
    scores = [language.number(row[name], 3) for name in ("score_before", "score_after")]
    return [str(row["account"]), str(row["name"]), *tiers, *scores, _say_cause(row, language)]


def _say_cause(row: dict[str, object], language: Language) -> str:
    """Return the cause in words; where there are several, which."""
    cause = language.word("cause", row["cause"])
    if row["cause"] != "several":
        return cause
    steps = language.enumerate(language.word("cause", name) for name in str(row["steps"]).split(", "))
    return language.text("{cause}: {steps}", cause=cause, steps=steps)


def _write_csv(moves: pd.DataFrame, path: Path, *, language: Language, format_of: str) -> None:
    """Write the table ``tier_moves`` and, beside its ``cause``, what the screen calls it."""
    from salesmodel_kit.reports.step_tables import write_tables

    try:
        with tempfile.TemporaryDirectory(prefix=".diff-", dir=path.parent) as folder:
            said = [_say_cause(row, language) for row in moves.to_dict(orient="records")]
            written = write_tables({"tier_moves": moves.assign(cause_in_words=said)}, folder=Path(folder),
                                   language=format_of)
            os.replace(written[0], path)
    except OSError as error:
        raise SalesModelError("{file} cannot be written ({detail}).", file=path,
                              detail=describe_os_error(error)) from error
