"""The proposed plan of a run as a table ``plan``, to be edited by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from salesmodel_kit.client.publish import publish, stage_folder, write_table
from salesmodel_kit.client.reading import parse_table, read_text_table
from salesmodel_kit.client.runs import Run
from salesmodel_kit.errors import SalesModelError, describe_os_error
from salesmodel_kit.tables import PLAN, TERRITORIES

PLAN_FILE, TERRITORIES_FILE = "plan.csv", "tables/territories.csv"


def write_plan(run: Run, folder: Path) -> Path:
    """Write the proposed plan of a run as a table ``plan``, to be edited and put into the client's folder.

    Parameters
    ----------
    run : Run
        A finished run.
    folder : Path
        Made where it is not there; a plan that is there already is never replaced.

    Returns
    -------
    Path
        The file: account, name and rep of every account that has a rep, in the client's language.

    Raises
    ------
    SalesModelError
        The run gives no account to a rep, a plan is there already, or nothing can be written there.
    """
    path = folder / PLAN_FILE
    if path.exists():
        raise SalesModelError("{target} is there already; nothing was written.", target=path)
    content = write_table(_list_pairs(run), run.client.profile.language)
    try:
        with stage_folder(folder.resolve(), {PLAN_FILE: content}) as staged:
            publish(staged, folder.resolve(), [PLAN_FILE])
    except OSError as error:
        raise SalesModelError("{file} cannot be written ({detail}).", file=path,
                              detail=describe_os_error(error)) from error
    return path


def _list_pairs(run: Run) -> pd.DataFrame:
    source, planned = run.folder / TERRITORIES_FILE, pd.DataFrame()
    if source.is_file():
        table, problems = parse_table(read_text_table(source), TERRITORIES)
        if not problems:
            planned = table[["account", "rep"]].apply(lambda column: column.str.removeprefix("'")).dropna()
    if planned.empty:
        raise SalesModelError("{run} gives no account to a rep; see that the client has reps and tiers, and run it "
                              "again.", run=run.folder)
    names = run.client.accounts.set_index("account")["name"]
    table = planned.assign(name=planned["account"].map(names))[list(PLAN.names)]
    language = run.client.profile.language
    headers = {column.name: column.headers[0] if language == "fr" else column.name for column in PLAN.columns}
    return table.rename(columns=headers)
