"""What the commands on the decision journal do."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from salesmodel_kit.batch.target import write_whole
from salesmodel_kit.chain import SalesModel, build_model
from salesmodel_kit.cli.comparing import MOST_SHOWN, write_moves
from salesmodel_kit.cli.console import make_safe, write_out
from salesmodel_kit.cli.journal import resolve
from salesmodel_kit.client.decision import Decision, find_withdrawn
from salesmodel_kit.client.decisions import append_decision, read_journal
from salesmodel_kit.client.folder import open_client, open_earlier
from salesmodel_kit.client.states import adopt_state, find_state, list_states, name_state
from salesmodel_kit.errors import SalesModelError, describe_os_error
from salesmodel_kit.language import Language

#: Stands for what is decided now where two states are compared.
NOW = "."


def save_minutes(source: str, *, out: str | None, language: str | None) -> Path:
    """Write the minutes of a client's workshop, complete or not at all, and return where they are.

    Parameters
    ----------
    source : str
        Folder, workbook, or ``demo:<name>``.
    out : str, optional
        An ``.html`` file; ``minutes-<id>.html`` in the present folder by default.
    language : {"en", "fr"}, optional
        Instead of the client's own.

    Raises
    ------
    SalesModelError
        The file is no page, or cannot be written.
    """
    from salesmodel_kit.reports.minutes import write_minutes

    model = build_model(open_client(source, language=language))
    path = Path(out or f"minutes-{model.profile.id}.html")
    if path.suffix.lower() != ".html":
        raise SalesModelError("{file}: the minutes are a page; give the file a name that ends in .html.", file=path)
    page = write_minutes(model, kit_version=version("salesmodel-kit"))
    try:
        write_whole(path, page)
    except OSError as error:
        raise SalesModelError("{file} cannot be written ({detail}).", file=path,
                              detail=describe_os_error(error)) from error
    return path


def keep(source: str, name: str, *, credit: Mapping[str, str], language: Language) -> None:
    """Name what is decided now.

    Parameters
    ----------
    source : str
        Folder or workbook.
    name : str
        Of the state.
    credit : mapping
        ``by`` and ``reason``.
    language : Language
        The user's.
    """
    path = resolve(source)
    open_client(path)
    decision = name_state(path, name, **credit)
    write_out(language.text("What is decided now has the name {name}.", name=language.quote(decision.subject)))


def show_states(source: str, *, language: Language) -> None:
    """Say which states have a name, who named them and when.

    Parameters
    ----------
    source : str
        Folder, workbook, or ``demo:<name>``.
    language : Language
        The user's.
    """
    states = list_states(open_client(source).decisions)
    if not states:
        write_out(language.text("No state has a name yet: salesmodel snapshot CLIENT NAME --by WHO --reason WHY."))
    for state in states:
        write_out(language.text("{name}: {by}, {date}, decisions in force: {n}. {reason}",
                                name=language.quote(state.name), by=state.decision.by, n=len(state.in_force),
                                date=language.date(state.decision.at.date()), reason=state.decision.reason))


def adopt(source: str, name: str, *, credit: Mapping[str, str], language: Language) -> None:
    """Decide a named state.

    Parameters
    ----------
    source : str
        Folder or workbook.
    name : str
        Of the state.
    credit : mapping
        ``by`` and ``reason``.
    language : Language
        The user's.
    """
    path = resolve(source)
    steps = adopt_state(path, open_client(path).decisions, name, **credit)
    if not steps:
        write_out(language.text("{name} is in force already; nothing was written.", name=language.quote(name)))
        return
    write_out(language.text("{name} is in force again; lines added to the journal: {n}.", name=language.quote(name),
                            n=len(steps)))


def withdraw_line(source: str, line: int, *, credit: Mapping[str, str], language: Language) -> None:
    """Withdraw the decision on a line of the journal, even where it keeps the client from being opened.

    A client that can be opened now must be so afterwards: a later decision may rest on the one that goes.

    Parameters
    ----------
    source : str
        Folder or workbook.
    line : int
        From 1.
    credit : mapping
        ``by`` and ``reason``.
    language : Language
        The user's.

    Raises
    ------
    SalesModelError
        The line holds no decision, or one that is withdrawn already, or the client could not be opened without it:
        then nothing is written.
    """
    path = resolve(source)
    journal = read_journal(path)
    by_line = dict(zip(journal.lines, journal.decisions, strict=True))
    if line not in by_line:
        raise SalesModelError("{file} has no decision on line {line}.", file=journal.file, line=line)
    if by_line[line].id in find_withdrawn(journal.decisions):
        raise SalesModelError("The decision of line {line} is withdrawn already.", line=line)
    decision = Decision(at=dt.datetime.now(dt.UTC), kind="withdraw", subject=by_line[line].id, new="", **credit)
    _ask_ahead(path, decision, language=language)
    append_decision(path, decision, known=journal.decisions)


def _ask_ahead(path: Path, decision: Decision, *, language: Language) -> None:
    """Refuse a decision that would close a client that can be opened now; one that cannot has nothing to lose."""
    from salesmodel_kit.workshop.recording import open_ahead

    try:
        client = open_client(path)
    except SalesModelError:
        return
    open_ahead(client, [decision], language=language)


def show_comparison(source: str, names: tuple[str, str], *, language: Language) -> None:
    """Show two states side by side: figures, decisions that differ, accounts that change tier.

    Parameters
    ----------
    source : str
        Folder, workbook, or ``demo:<name>``.
    names : tuple of str
        Of the two states; a point means what is decided now.
    language : Language
        The user's.
    """
    from salesmodel_kit.reports.states import compare_states

    first, second = (_open_state(source, name, language=language.code) for name in names)
    now = language.text("now")
    said = tuple(now if name == NOW else language.quote(name) for name in names)
    comparison = compare_states(first, second, names=(said[0], said[1]))
    write_out(comparison.sentence)
    _write_table(comparison.table.to_numpy().tolist(), [language.text("Measure"), *said])
    for name, decisions in zip(said, (comparison.only_first, comparison.only_second), strict=True):
        if decisions:
            write_out(language.text("Decided in {name} only:", name=name))
        for decision in decisions:
            write_out(f"  {make_safe(decision)}")
    if len(comparison.moves):
        write_moves(comparison.moves.head(MOST_SHOWN), second.language)
    if len(comparison.moves) > MOST_SHOWN:
        write_out(language.text("{n_more} more accounts.", n_more=language.number(len(comparison.moves) - MOST_SHOWN)))


def _open_state(source: str, name: str, *, language: str) -> SalesModel:
    if name == NOW:
        return build_model(open_client(source, language=language))
    state = find_state(open_client(source).decisions, name)
    return build_model(open_earlier(source, n_decisions=state.n_decisions, language=language))


def _write_table(rows: list[list[str]], heads: list[str]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(Text(make_safe(head)), justify="left" if place == 0 else "right", overflow="fold")
    for row in rows:
        table.add_row(*(Text(make_safe(cell)) for cell in row))
    stream = sys.stdout
    Console(file=stream, width=None if stream.isatty() else 140, highlight=False).print(table)
