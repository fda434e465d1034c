"""The model of a client's folder or workbook: the one that a run has computed for it, or a fresh one."""

from __future__ import annotations

from pathlib import Path

from salesmodel_kit.chain.model import SalesModel, build_model
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.client.kept import find_kept
from salesmodel_kit.client.sources import find_client


def open_model(source: str | Path, *, language: str | None = None) -> SalesModel:
    """Return the sales model of a client's folder or workbook: the one that this run has computed, else a fresh one.

    Parameters
    ----------
    source : str or pathlib.Path
        As for ``open_client``.
    language : {"en", "fr"}, optional
        Instead of the profile's own language.

    Returns
    -------
    SalesModel
        Of the input as it is now.

    Raises
    ------
    SalesModelError
        As ``open_client`` and ``build_model``.
    """
    kept = None if language is None else find_kept(find_client(source), language=language)
    return kept if isinstance(kept, SalesModel) else build_model(open_client(source, language=language))
