"""``salesmodel anchors``: anchors proposed from the data, written into the client's criteria where that is wanted."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from salesmodel_kit.cli.console import write_out
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language, is_known


def show_anchors(client: str, *, only: Sequence[str], accept: bool, language: Language) -> None:
    """Say which anchors the data propose, and write them where they are accepted.

    Parameters
    ----------
    client : str
        Folder, workbook, or ``demo:<name>``.
    only : sequence of str
        Identifiers of the criteria that are meant; none: all.
    accept : bool
        Write them into the client's criteria.
    language : Language
        The user's.
    """
    found = _propose(client)
    unknown = [name for name in only if name not in set(found["criterion"])]
    if unknown:
        raise SalesModelError("{criterion} is no criterion whose anchors can be proposed; these are: {known}.",
                              criterion=unknown[0], known=", ".join(found["criterion"]) or "–")
    found = found[found["criterion"].isin(only)] if only else found
    for row in found.to_dict("records"):
        write_out(_say(row, language))
    ready = found.dropna(subset=["proposed_worst", "proposed_best"])
    changed = ready[(ready["worst"] != ready["proposed_worst"]) | (ready["best"] != ready["proposed_best"])]
    if changed.empty:
        write_out(language.text("Nothing to change."))
    elif accept:
        _accept(client, changed, language)
    elif client.startswith("demo:"):
        write_out(language.text("{source} is a demo client and is not changed; copy it first: salesmodel new FOLDER "
                                "--example {name}", source=client, name=client.removeprefix("demo:")))
    else:
        write_out(language.text("Nothing was written. To take these anchors into the criteria: salesmodel anchors "
                                "{client} --accept", client=client))


def _propose(client: str) -> pd.DataFrame:
    from salesmodel_kit.chain import build_model
    from salesmodel_kit.client.folder import open_client
    from salesmodel_kit.model.anchors import propose_anchors

    model = build_model(open_client(client))
    of_accounts = model.criteria["axis"].isin(["potential", "chance"])
    return pd.concat([propose_anchors(model.client.segments, model.criteria[~of_accounts]),
                      propose_anchors(model.performances, model.criteria[of_accounts])], ignore_index=True)


def _say(row: dict, language: Language) -> str:
    """Return what the data say of a criterion's anchors: too little, the same, or which others."""
    facts = {name: _write(row[name], language) for name in ("worst", "best", "proposed_worst", "proposed_best")}
    facts |= {"label": row["label"], "n_known": language.number(row["n_known"])}
    if not is_known(row["proposed_worst"]):
        return language.plural(
            row["n_known"], language.text("{label}: worst {worst} and best {best} stay; {n_known} known performance "
                                          "says too little."),
            language.text("{label}: worst {worst} and best {best} stay; {n_known} known performances say too little."),
        ).format(**facts)
    facts |= {name: _write(float(f"{row[name]:.3g}"), language) for name in ("low", "high")}
    return f"{_propose_in_words(row, language).format(**facts)} " + language.text(
        "Of {n_known} known performances 5% lie at or below {low} and 5% at or above {high}.", **facts)


def _propose_in_words(row: dict, language: Language) -> str:
    is_worst, is_best = (row[name] != row[f"proposed_{name}"] for name in ("worst", "best"))
    if is_worst and is_best:
        return language.text("{label}: worst {proposed_worst} proposed in place of {worst}, best {proposed_best} in "
                             "place of {best}.")
    if is_worst:
        return language.text("{label}: worst {proposed_worst} proposed in place of {worst}; best {best} stays.")
    if is_best:
        return language.text("{label}: best {proposed_best} proposed in place of {best}; worst {worst} stays.")
    return language.text("{label}: worst {worst} and best {best} stay, the data propose the same.")


def _write(value: float, language: Language) -> str:
    return language.number(value, len(f"{value:.10f}".rstrip("0").partition(".")[2])) if is_known(value) else "–"


def _accept(client: str, changed: pd.DataFrame, language: Language) -> None:
    from salesmodel_kit.client.anchors import accept_anchors

    anchors = {(row["axis"], row["criterion"]): (row["proposed_worst"], row["proposed_best"])
               for row in changed.to_dict("records")}
    former = accept_anchors(client, anchors)
    write_out(language.text("Written into the criteria: {names}. The former file: {former}",
                            names=language.enumerate(changed["label"]), former=former))
