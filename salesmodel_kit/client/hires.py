"""Reps hired in the room whom a scenario names: without them its file, and so the client, could not be opened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from salesmodel_kit.client.decision import Decision, find_in_force
from salesmodel_kit.client.settings import read_yaml
from salesmodel_kit.client.sources import SCENARIO_FOLDER, read_sources
from salesmodel_kit.errors import SalesModelError


def refuse_named_hires(source: Path, *, before: Collection[Decision], added: Collection[Decision]) -> None:
    """Refuse to take back a hire whom a scenario removes or changes.

    Parameters
    ----------
    source : Path
        The client's folder or workbook; its scenarios are read as they are on the disk.
    before : collection of Decision
        The whole journal.
    added : collection of Decision
        What is to be written after it.

    Raises
    ------
    SalesModelError
        The sentence names rep and file.
    """
    if all(decision.kind != "withdraw" for decision in added):
        return
    gone = _find_hires(before) - _find_hires((*before, *added))
    for scenario, rep in _name_reps(source) if gone else ():
        if rep in gone:
            raise SalesModelError(
                "The scenario {scenario} names {rep}, whom the room hired; take {rep} out of its file, then take the "
                "hire back.", scenario=scenario, rep=rep)


def _find_hires(decisions: Iterable[Decision]) -> set[str]:
    return {decision.subject for decision in find_in_force(decisions) if decision.kind == "add_rep"}


def _name_reps(source: Path) -> Iterator[tuple[str, str]]:
    """Return the reps that scenarios remove or change, each with the scenario; what cannot be read names nobody."""
    for name, content in sorted(read_sources(source).files.items()):
        if name.startswith(f"{SCENARIO_FOLDER}/"):
            values = read_yaml(content, name).values
            for key in ("remove_reps", "change_reps"):
                reps = values.get(key)
                for rep in reps if isinstance(reps, (list, dict)) else ():
                    yield name.removeprefix(f"{SCENARIO_FOLDER}/").removesuffix(".yaml"), str(rep)
