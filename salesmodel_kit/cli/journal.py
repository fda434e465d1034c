"""``salesmodel minutes``, ``snapshot`` and ``withdraw``: the decision journal from the command line."""

from __future__ import annotations

from pathlib import Path

import click

from salesmodel_kit.cli.console import write_out
from salesmodel_kit.cli.usage import PlainOption, Teller
from salesmodel_kit.errors import SalesModelError


def make_minutes(tell: Teller) -> click.Command:
    """Return the command that writes the minutes of a workshop."""
    text = tell.language.text

    def write(client: str, out: str | None, language: str | None) -> None:
        from salesmodel_kit.cli.states import save_minutes

        write_out(text("The minutes are in {file}.", file=save_minutes(client, out=out, language=language)))

    return tell.command(
        "minutes",
        write,
        text("Write what the workshop decided, who decided it and why, as a page."),
        [
            click.Argument(["client"], metavar=text("CLIENT")),
            PlainOption(["--out"], metavar=text("FILE"), help=text("An .html file; minutes-CLIENT.html by default.")),
            PlainOption(["--language"], type=click.Choice(["en", "fr"]),
                        help=text("Language of the minutes instead of the client's own.")),
        ],
    )


def make_snapshot(tell: Teller) -> click.Command:
    """Return the command that names, lists, compares and adopts states of the journal."""
    text = tell.language.text

    def act(client: str, name: str | None, wants_list: bool, compare: tuple[str, str] | None,
            adopt: str | None, **credit: str | None) -> None:
        from salesmodel_kit.cli import states

        chosen = [wants_list, compare is not None, adopt is not None, name is not None]
        if sum(chosen) != 1:
            raise SalesModelError("Say one thing: the name of a new state, --list, --compare or --adopt.")
        if wants_list:
            states.show_states(client, language=tell.language)
        elif compare is not None:
            states.show_comparison(client, compare, language=tell.language)
        elif adopt is not None:
            states.adopt(client, adopt, credit=_check_credit(credit), language=tell.language)
        elif name is not None:
            states.keep(client, name, credit=_check_credit(credit), language=tell.language)

    return tell.command(
        "snapshot",
        act,
        text("Name what is decided now; list, compare and adopt such states."),
        [
            click.Argument(["client"], metavar=text("CLIENT")),
            click.Argument(["name"], required=False, metavar=text("NAME")),
            PlainOption(["--list", "wants_list"], is_flag=True, help=text("Show the states that have a name.")),
            PlainOption(["--compare"], nargs=2, metavar=text("NAME NAME"),
                        help=text("Show two states side by side; a point means what is decided now.")),
            PlainOption(["--adopt"], metavar=text("NAME"),
                        help=text("Decide this state, as decisions in the journal.")),
            *_list_credit(tell),
        ],
    )


def make_withdraw(tell: Teller) -> click.Command:
    """Return the command that withdraws a decision by its line in the journal."""
    text = tell.language.text

    def withdraw(client: str, line: int, **credit: str | None) -> None:
        from salesmodel_kit.cli.states import withdraw_line

        withdraw_line(client, line, credit=_check_credit(credit), language=tell.language)
        write_out(text("The decision of line {line} is withdrawn; the line stays where it is.", line=line))

    return tell.command(
        "withdraw",
        withdraw,
        text("Take back a decision of the journal by its line."),
        [
            click.Argument(["client"], metavar=text("CLIENT")),
            click.Argument(["line"], type=click.IntRange(min=1), metavar=text("LINE")),
            *_list_credit(tell),
        ],
    )


def _list_credit(tell: Teller) -> list[click.Option]:
    text = tell.language.text
    return [PlainOption(["--by"], metavar=text("WHO"), help=text("Who decides it.")),
            PlainOption(["--reason"], metavar=text("WHY"), help=text("Why."))]


def _check_credit(credit: dict[str, str | None]) -> dict[str, str]:
    """Return author and reason; both are needed to decide."""
    given = {name: (value or "").strip() for name, value in credit.items()}
    if not all(given.values()):
        raise SalesModelError("A decision needs a name and a reason: add --by WHO --reason WHY.")
    return given


def resolve(source: str) -> Path:
    """Return the folder or workbook of a client that is to be written to; a demo client is refused.

    Parameters
    ----------
    source : str
        As given on the command line.
    """
    from salesmodel_kit.client.sources import find_client

    if source.startswith("demo:"):
        raise SalesModelError("{client} is a demo client; copy it first: salesmodel new FOLDER --example NAME.",
                              client=source)
    return find_client(source)
