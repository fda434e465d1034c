"""``salesmodel segments``: what the accounts say of themselves, as a proposal to review."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.client.folder import open_without_segments
from salesmodel_kit.client.segment_rule import SegmentRule, write_rule
from salesmodel_kit.errors import SalesModelError, describe_os_error
from salesmodel_kit.model.frozen_rule import freeze_rule
from salesmodel_kit.reports.exhibits.segmentation import list_group_words


def propose_segments(source: str, out: Path) -> int:
    """Write the groups that a client's accounts show as a file to review, and return how many there are.

    Parameters
    ----------
    source : str
        Folder, workbook, or ``demo:<name>``; its accounts need not declare a segment.
    out : Path
        A file that is not there yet; written complete or not at all.

    Returns
    -------
    int
        Groups in the proposal.

    Raises
    ------
    SalesModelError
        The accounts show no groups, or the file is there or cannot be written.
    """
    if out.exists():
        raise SalesModelError("{target} is there already; nothing was written.", target=str(out))
    model = SalesModel(open_without_segments(source))
    groups = model.account_groups
    if groups is None:
        raise SalesModelError("{client}: too little is known to look for groups; 30 accounts are needed, with two "
                              "columns that tell them apart.", client=source)
    if groups.n_groups == 1:
        raise SalesModelError("{client}: the accounts show no groups of themselves, so there is nothing to propose.",
                              client=source)
    plain, words = freeze_rule(groups.rule), dict(list_group_words(model))
    rule = SegmentRule(features=plain["features"], groups=[
        {**entry, "words": words[entry["group"]]} for entry in plain["groups"]])
    _write(write_rule(rule, language=model.language), out)
    return groups.n_groups


def _write(text: str, out: Path) -> None:
    made = out.absolute().with_name(f".{out.name}-{uuid.uuid4().hex}")
    try:
        made.write_text(text, encoding="utf-8", newline="\n")
        os.replace(made, out)
    except OSError as error:
        made.unlink(missing_ok=True)
        raise SalesModelError("{target} cannot be written ({detail}).", target=str(out),
                              detail=describe_os_error(error)) from error
