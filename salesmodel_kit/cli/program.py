"""The ``salesmodel`` command: reads arguments, calls the kit, says what came of it.

Everything is imported where it is used, so that ``salesmodel --help`` answers
at once. The program is built in a function because its help is in the user's
language.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesmodel_kit.cli.console import write_error, write_out
from salesmodel_kit.cli.journal import make_minutes, make_snapshot, make_withdraw
from salesmodel_kit.cli.usage import PlainOption, Program, Teller, say_usage
from salesmodel_kit.errors import InputProblems, SalesModelError, describe_os_error
from salesmodel_kit.language import LANGUAGES, Language, find_user_language

if TYPE_CHECKING:
    from salesmodel_kit.batch.events import Event
    from salesmodel_kit.batch.results import ClientResult
    from salesmodel_kit.batch.shards import Shard

DONE, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        Instead of those of the process.

    Returns
    -------
    int
        0 all done; 1 some clients failed or something unexpected happened;
        2 wrong use or input; 130 interrupted.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    language = find_user_language()
    try:
        code = make_program(language).main(words, prog_name="salesmodel", standalone_mode=False)
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.UsageError as error:
        write_error(say_usage(error, language))
        return REFUSED
    except (KeyboardInterrupt, click.Abort):
        write_error(language.text("Interrupted. What was complete is kept, nothing is half written."))
        return INTERRUPTED
    except Exception as error:
        return _say_error(error, language, debug="--debug" in words)
    return code if isinstance(code, int) else DONE


def _say_error(error: Exception, language: Language, *, debug: bool) -> int:
    if debug:
        write_error("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, BrokenPipeError):
        return FAILED
    if not isinstance(error, SalesModelError):
        reason = language.text("{name}: {what}", name=type(error).__name__, what=_explain(error, language))
        write_error(language.text("Something unexpected happened: {reason}", reason=reason))
        if not debug:
            write_error(language.text("Run the command again with --debug to see where."))
        return FAILED
    if isinstance(error, InputProblems):
        from salesmodel_kit.cli.console import write_problems

        write_problems(error.problems, language=language, stream=sys.stderr)
    write_error(language.say(error.message))
    return error.exit_code


def _explain(error: Exception, language: Language) -> str:
    return language.say(describe_os_error(error)) if isinstance(error, OSError) and error.errno else str(error)


def make_program(language: Language) -> click.Group:
    """Return the command line, its help in the user's language."""
    text = language.text
    tell = Teller(language)
    makers = (_new, _check, _import, _anchors, _segments, _run, _index, _workshop, _ballots, make_minutes,
              make_snapshot, make_withdraw, _export, _diff, _demo)
    commands = [make(tell) for make in makers]
    version = PlainOption(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_say_version,
        help=text("Say which version this is."),
    )
    return Program(
        "salesmodel",
        tell=tell,
        params=[version],
        commands={command.name: command for command in commands},
        help=text(
            "From market segments to a tiered portfolio and a sales-force plan, in notebooks that run per client."
        ),
    )


def _say_version(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from importlib.metadata import version

        write_out(version("salesmodel-kit"))
        context.exit()


def _language_option(help_text: str) -> click.Option:
    return PlainOption(["--language"], type=click.Choice(LANGUAGES), help=help_text)


def _new(tell: Teller) -> click.Command:
    text = tell.language.text

    def create(folder: str, workbook: bool, language: str | None, example: str | None, name: str | None) -> None:
        from salesmodel_kit.client.folder import new_client

        made = new_client(
            Path(folder), workbook=workbook, language=language or tell.language.code, example=example, name=name
        )
        if example is None:
            write_out(text("{client} is ready to fill in; then run: salesmodel check {client}", client=made))
        else:
            write_out(text("{client} is a complete copy of {name}; see: salesmodel check {client}", client=made,
                           name=example))

    return tell.command(
        "new",
        create,
        text("Make a client's folder, or one workbook, to fill in."),
        [
            click.Argument(["folder"], metavar=text("FOLDER")),
            PlainOption(["--workbook"], is_flag=True, help=text("One .xlsx file instead of a folder.")),
            _language_option(text("Language of the client's texts and report.")),
            PlainOption(["--example"], metavar=text("NAME"), help=text("Start from a copy of this demo client.")),
            PlainOption(["--name"], metavar=text("NAME"), help=text("The client's name.")),
        ],
    )


def _check(tell: Teller) -> click.Command:
    text = tell.language.text

    def check(clients: tuple[str, ...], as_json: bool) -> int:
        from salesmodel_kit.cli.checking import check_clients

        return REFUSED if check_clients(clients, as_json=as_json, language=tell.language) else DONE

    return tell.command(
        "check",
        check,
        text("Show every problem of clients' input."),
        [
            click.Argument(["clients"], nargs=-1, required=True, metavar=text("CLIENT...")),
            PlainOption(["--json", "as_json"], is_flag=True, help=text("For programs to read.")),
        ],
    )


def _import(tell: Teller) -> click.Command:
    text = tell.language.text

    def take_in(
        kind: str, files: tuple[str, ...], client: str, mapping: str | None, language: str | None, replace: bool
    ) -> None:
        from salesmodel_kit.client.imports import import_files, refresh_files

        paths, page = [Path(file) for file in files], Path(mapping) if mapping else None
        if replace:
            summary = refresh_files(kind, paths, Path(client), mapping=page)
        else:
            summary = import_files(kind, paths, Path(client), mapping=page, language=language or tell.language.code)
        for sentence in summary.sentences:
            write_out(tell.language.say(sentence))
        write_out(text("Next: salesmodel check {client}; then salesmodel run {client} --out FOLDER", client=client))

    return tell.command(
        "import",
        take_in,
        text("Make a client's folder from the exports of a CRM or any table."),
        [
            click.Argument(["kind"], type=click.Choice(["salesforce", "hubspot", "table"])),
            click.Argument(["files"], nargs=-1, required=True, metavar=text("FILE...")),
            PlainOption(
                ["--client"], required=True, metavar=text("FOLDER"), help=text("The client's folder; must be given.")
            ),
            PlainOption(["--mapping"], metavar=text("FILE"), help=text("Which column means what.")),
            PlainOption(
                ["--replace"],
                is_flag=True,
                help=text("Take accounts and deals from a newer export; the folder keeps its own columns and a copy."),
            ),
            _language_option(text("Language of the client's texts and report.")),
        ],
    )


def _anchors(tell: Teller) -> click.Command:
    text = tell.language.text

    def propose(client: str, only: tuple[str, ...], accept: bool) -> None:
        from salesmodel_kit.cli.anchoring import show_anchors

        show_anchors(client, only=only, accept=accept, language=tell.language)

    return tell.command(
        "anchors",
        propose,
        text("Propose from the data what is worth 0 and what is worth 1."),
        [
            click.Argument(["client"], metavar=text("CLIENT")),
            PlainOption(["--criterion", "only"], multiple=True, metavar=text("NAME"), help=text("Only this one.")),
            PlainOption(["--accept"], is_flag=True, help=text("Write them into the criteria; a copy is kept.")),
        ],
    )


def _run(tell: Teller) -> click.Command:
    text = tell.language.text

    def run(clients: tuple[str, ...], out: str, log_format: str, **settings: object) -> int:
        return _run_batch(clients, tell, out=out, settings=settings, as_json=log_format == "json")

    arguments = [click.Argument(["clients"], nargs=-1, required=True, metavar=text("CLIENT..."))]
    return tell.command("run", run, text("Run clients from folder to report."), [*arguments, *_list_run_options(tell)])


def _list_run_options(tell: Teller) -> list[click.Option]:
    text = tell.language.text
    return [
        PlainOption(
            ["--out"], required=True, metavar=text("FOLDER"), help=text("Where the reports go; must be given.")
        ),
        PlainOption(
            ["--jobs"],
            type=click.IntRange(min=1),
            metavar=text("NUMBER"),
            help=text("Notebooks at the same time; as many as there are cores by default."),
        ),
        PlainOption(
            ["--engine"],
            type=click.Choice(["kernel", "fork"]),
            help=text("How notebooks run: in kernels, or in children of a loaded process (Linux; faster)."),
        ),
        PlainOption(
            ["--memory"],
            type=click.FloatRange(min=50),
            default=4000.0,
            metavar="MB",
            help=text("Memory that a notebook may take beside the libraries; 4000 by default. Held on Linux."),
        ),
        PlainOption(
            ["--fresh"], is_flag=True, help=text("Run clients too whose results are there and up to date.")
        ),
        PlainOption(
            ["--log-format"],
            type=click.Choice(["text", "json"]),
            default="text",
            help=text("json: one object a line on the standard error for each step, for programs."),
        ),
        *_list_place_options(tell),
        _language_option(text("Language of the reports instead of the clients' own.")),
    ]


def _list_place_options(tell: Teller) -> list[click.Option]:
    text = tell.language.text
    return [
        PlainOption(
            ["--shard"],
            metavar="I/N",
            help=text("Run one part of the clients, 2/8 for instance; salesmodel index follows when all have run."),
        ),
        PlainOption(
            ["--dask"], metavar=text("ADDRESS"), help=text("Run the clients on the workers of this Dask scheduler.")
        ),
    ]


def _index(tell: Teller) -> click.Command:
    text = tell.language.text

    def index(out: str) -> None:
        from salesmodel_kit.batch.run import gather_runs

        write_out(text("All reports: {index}", index=gather_runs(out)))

    return tell.command(
        "index",
        index,
        text("Write the page over all reports of a folder, when the parts of a batch have run."),
        [click.Argument(["out"], metavar=text("FOLDER"))],
    )


def _segments(tell: Teller) -> click.Command:
    text = tell.language.text

    def propose(client: str, out: str) -> None:
        from salesmodel_kit.cli.segments import propose_segments

        n_groups = propose_segments(client, Path(out))
        write_out(
            text(
                "{count} groups proposed in {file}. Write a segment beside each group that you accept, then put the "
                "file into the client's folder as segments_from_accounts.yaml.",
                count=n_groups,
                file=out,
            )
        )

    return tell.command(
        "segments",
        propose,
        text("Propose segments from what the accounts are like, as a file to review."),
        [
            click.Argument(["client"], metavar=text("CLIENT")),
            PlainOption(["--out"], required=True, metavar=text("FILE"), help=text("A new file; must be given.")),
        ],
    )


def _workshop(tell: Teller) -> click.Command:
    text = tell.language.text

    def work(client: str, app: bool, vote: bool, read_only: bool, host: str, port: int, no_browser: bool) -> int:
        if app and vote:
            raise SalesModelError("--app and --vote are two pages: start each by a command of its own.")
        if read_only and not app:
            raise SalesModelError("--read-only belongs to --app: a notebook can always be written to.")
        if vote:
            from salesmodel_kit.cli.voting import hold_vote

            return hold_vote(client, host=host, port=port, language=tell.language)
        from salesmodel_kit.cli.working import open_app, open_lab

        settings = {"host": host, "browser": not no_browser, "language": tell.language}
        if app:
            open_app(client, read_only=read_only, **settings)
        else:
            open_lab(client, **settings)
        return 0

    return tell.command(
        "workshop",
        work,
        text("Open a client's workshop: JupyterLab on its notebooks, the whole chain as one page, or a vote."),
        [
            click.Argument(["client"], metavar=text("CLIENT")),
            PlainOption(["--app"], is_flag=True, help=text("One page in the browser instead of notebooks.")),
            PlainOption(["--vote"], is_flag=True, help=text("A page for each participant's phone, one to project.")),
            PlainOption(["--read-only"], is_flag=True, help=text("With --app: nothing can be recorded.")),
            PlainOption(
                ["--host"], default="127.0.0.1", metavar=text("ADDRESS"),
                help=text("Where it answers: this machine only by default, 0.0.0.0 for the room's network."),
            ),
            PlainOption(
                ["--port"], type=click.IntRange(1, 65535), default=8765, metavar=text("NUMBER"),
                help=text("Port of the vote; 8765 by default."),
            ),
            PlainOption(["--no-browser"], is_flag=True, help=text("Say the address, open no browser.")),
        ],
    )


def _ballots(tell: Teller) -> click.Command:
    text = tell.language.text

    def exchange(client: str, out: str | None, taken: str | None, method: str, weight_set: str) -> None:
        from salesmodel_kit.cli.voting import exchange_sheets

        exchange_sheets(client, out=out, taken=taken, method=method, weight_set=weight_set, language=tell.language)

    return tell.command(
        "ballots",
        exchange,
        text("Write a ballot sheet for each participant, or take filled ones into the votes."),
        [
            click.Argument(["client"], metavar=text("CLIENT")),
            PlainOption(["--out"], metavar=text("FILE"), help=text("A new .xlsx file, a sheet for each participant.")),
            PlainOption(["--in", "taken"], metavar=text("FILE"), help=text("The same file, filled in.")),
            PlainOption(
                ["--method"], default="points",
                type=click.Choice(["points", "swing", "rank", "comparison", "best_worst", "rating"]),
                help=text("How it is judged; points by default."),
            ),
            PlainOption(["--set", "weight_set"], default="", metavar=text("NAME"),
                        help=text("The set of weights that is voted; none by default.")),
        ],
    )


def _export(tell: Teller) -> click.Command:
    text = tell.language.text

    def export(run: str, form: str, out: str) -> None:
        from salesmodel_kit.cli.exporting import export_plan, export_run

        export_form = export_run if form == "ics" else export_plan
        export_form(run, out=out or {"ics": "calendars", "plan": "plan"}[form], language=tell.language)

    return tell.command(
        "export",
        export,
        text("Write a run's call plan as calendars, one a rep, or its territories as a plan to edit."),
        [
            click.Argument(["run"], metavar=text("RUN")),
            PlainOption(
                ["--to", "form"], type=click.Choice(["ics", "plan"]), default="ics",
                help=text("ics: iCalendar, the default; plan: who looks after which account, to edit by hand."),
            ),
            PlainOption(
                ["--out"],
                default="",
                metavar=text("FOLDER"),
                help=text("Where the files go; calendars or plan by default."),
            ),
        ],
    )


def _diff(tell: Teller) -> click.Command:
    text = tell.language.text

    def diff(first: str, second: str, csv: str | None) -> None:
        from salesmodel_kit.cli.comparing import compare_runs

        compare_runs(first, second, csv=csv, language=tell.language)

    return tell.command(
        "diff",
        diff,
        text("Say who moved tier between two runs of a client, and why."),
        [
            click.Argument(["first"], metavar=text("RUN")),
            click.Argument(["second"], metavar=text("RUN")),
            PlainOption(["--csv"], metavar=text("FILE"), help=text("Write every move to this file.")),
        ],
    )


def _demo(tell: Teller) -> click.Command:
    text = tell.language.text

    def demo(out: str) -> int:
        from salesmodel_kit.resources import find_resource

        names = sorted(path.parent.name for path in find_resource("data").glob("*/client.yaml"))
        return _run_batch([f"demo:{name}" for name in names], tell, out=out, settings={})

    return tell.command(
        "demo",
        demo,
        text("Run the demo clients from folder to report."),
        [
            PlainOption(
                ["--out"], default="out", metavar=text("FOLDER"), help=text("Where the reports go; out by default.")
            ),
        ],
    )


def _run_batch(
    clients: Sequence[str], tell: Teller, *, out: str, settings: Mapping[str, object], as_json: bool = False
) -> int:
    from salesmodel_kit.batch.shards import parse_shard

    settings = {**settings, "shard": parse_shard(settings["shard"]) if settings.get("shard") else None}
    if not as_json:
        _say_start(clients, tell.language, out=out)
    from salesmodel_kit.batch.interrupts import notice_interrupts
    from salesmodel_kit.batch.run import run_clients
    from salesmodel_kit.batch.settings import Settings
    from salesmodel_kit.cli.console import log_events, show_progress, write_fault, write_results

    with notice_interrupts() as insist, (log_events if as_json else show_progress)(tell.language) as say:

        def watch(event: Event) -> None:
            insist()
            say(event)

        try:
            results = run_clients(clients, out=out, settings=Settings(**settings), watch=watch)
        except SalesModelError as error:
            if not as_json:
                raise
            write_fault(error, language=tell.language)
            return error.exit_code
    if not as_json:
        write_results(results, language=tell.language, debug=tell.debug)
        _say_end(results, tell.language, out=out, shard=settings["shard"])
    if all(result.is_complete for result in results):
        return DONE
    return REFUSED if all(result.status == "refused" for result in results) else FAILED


def _say_end(results: Sequence[ClientResult], language: Language, *, out: str, shard: Shard | None) -> None:
    """Say where the page over all reports is, or how it comes about."""
    if shard is not None:
        write_out(language.text("Part {number} of {n_shards}: {n} of the clients. When all parts have run: "
                                "salesmodel index {folder}", number=shard.number, n_shards=shard.n_shards,
                                n=language.number(len(results)), folder=out))
    elif any(result.status != "refused" for result in results):
        write_out(language.text("All reports: {index}", index=f"{out.rstrip('/')}/index.html"))


def _say_start(clients: Sequence[str], language: Language, *, out: str) -> None:
    """Say at once what begins; what it needs is imported only then."""
    one = language.text("1 client, from folder to report in {out}: checking the input, then running the notebooks.")
    many = language.text(
        "{n} clients, from folder to report in {out}: checking the input, then running the notebooks."
    )
    write_out(language.plural(len(clients), one, many).format(n=language.number(len(clients)), out=out))
