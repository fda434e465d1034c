"""``salesmodel export``: a run's call plan as calendars, and its territories as a plan to edit."""

from __future__ import annotations

from pathlib import Path

from salesmodel_kit.cli.console import write_out
from salesmodel_kit.language import Language


def export_run(run: str, *, out: str, language: Language) -> None:
    """Write one calendar a rep from a finished run, and say where.

    Parameters
    ----------
    run : str
        Folder of one client in the results of ``salesmodel run``.
    out : str
        Folder for the calendars.
    language : Language
        The user's.

    Raises
    ------
    SalesModelError
        It is no finished run, or nothing can be written there.
    """
    from salesmodel_kit.client.runs import open_run
    from salesmodel_kit.reports.calendars import write_calendars

    written = write_calendars(open_run(run), Path(out))
    for path in written:
        write_out(str(path))
    write_out(language.text("Calendars written: {n_files}. Import each into its rep's calendar; importing a later one "
                            "updates the calls that are there.", n_files=language.number(len(written))))


def export_plan(run: str, *, out: str, language: Language) -> None:
    """Write the proposed plan of a finished run to edit it, and say where.

    Parameters
    ----------
    run : str
        Folder of one client in the results of ``salesmodel run``.
    out : str
        Folder for the plan.
    language : Language
        The user's.

    Raises
    ------
    SalesModelError
        It is no finished run, a plan is there already, or nothing can be written there.
    """
    from salesmodel_kit.client.runs import open_run
    from salesmodel_kit.reports.plan import write_plan

    write_out(str(write_plan(open_run(run), Path(out))))
    write_out(language.text("Change reps in it and put it into the client's folder; the next run shows it beside "
                            "today's plan and the proposed one."))
