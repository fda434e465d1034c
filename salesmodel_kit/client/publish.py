"""Write a client's folder: cells that spreadsheets cannot take for formulas, files that appear whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import yaml

_STARTS_FORMULA = re.compile(r"^[=+\-@\t\r]")
_NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)?$")
#: Separator of cells and decimal mark that a spreadsheet in this language expects.
CSV_FORMATS: Mapping[str, tuple[str, str]] = {"en": (",", "."), "fr": (";", ",")}


def write_cell(value: object, decimal_mark: str = ".") -> str:
    """Return a cell's text: missing is empty, and no text begins like a formula.

    Parameters
    ----------
    value : object
        Text or number; None and NaN are missing.
    decimal_mark : {".", ","}
        For numbers.

    Examples
    --------
    >>> write_cell("=1+1"), write_cell("-5"), write_cell(1234.50), write_cell(None)
    ("'=1+1", '-5', '1234.5', '')
    """
    if value is None or value != value:
        return ""
    if isinstance(value, int | float):
        text = f"{value:.6f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text.replace(".", decimal_mark)
    text = str(value)
    return f"'{text}" if _STARTS_FORMULA.match(text) and not _NUMBER.match(text) else text


def write_table(frame: pd.DataFrame, language: str) -> bytes:
    """Return a table as CSV in UTF-8 with byte order mark, as a spreadsheet in this language opens it.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text and number columns.
    language : {"en", "fr"}
        French: semicolons and decimal commas.
    """
    separator, mark = CSV_FORMATS[language]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=separator, lineterminator="\r\n")
    writer.writerow(frame.columns)
    columns = [[write_cell(value, mark) for value in frame[name].tolist()] for name in frame.columns]
    writer.writerows(zip(*columns, strict=True))
    return stream.getvalue().encode("utf-8-sig")


def write_profile(values: Mapping[str, object], remarks: Iterable[str], language: str) -> bytes:
    """Return ``client.yaml``, led by remarks on what is still to confirm.

    Parameters
    ----------
    values : mapping
        Keys of the profile; empty groups are left out.
    remarks : iterable of str
        One sentence each.
    language : {"en", "fr"}
        Language of the remarks.
    """
    lead = {"en": "to confirm:", "fr": "à confirmer :"}[language]
    text = yaml.safe_dump({name: value for name, value in values.items() if value not in ({}, None)},
                          allow_unicode=True, sort_keys=False, width=110)
    return ("".join(f"# {lead} {' '.join(remark.split())}\n" for remark in remarks) + text).encode()


@contextmanager
def stage_folder(target: Path, files: Mapping[str, bytes]) -> Iterator[Path]:
    """Give a folder with these files, beside the place where it belongs; it is gone afterwards unless published.

    Parameters
    ----------
    target : pathlib.Path
        The client's folder; need not be there.
    files : mapping of str to bytes
        Name -> content.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    staged = work / target.name
    try:
        staged.mkdir()
        for name, content in files.items():
            (staged / name).parent.mkdir(exist_ok=True)
            (staged / name).write_bytes(content)
        yield staged
    finally:
        shutil.rmtree(work, ignore_errors=True)


def publish(staged: Path, target: Path, names: Iterable[str]) -> None:
    """Put staged files in their place: a new folder by one rename, further files one rename each.

    Parameters
    ----------
    staged : pathlib.Path
        From :func:`stage_folder`, of the same target.
    target : pathlib.Path
        The client's folder.
    names : iterable of str
        The files that are new or replaced.
    """
    if target.is_dir() and any(target.iterdir()):
        for name in names:
            (target / name).parent.mkdir(exist_ok=True)
            os.replace(staged / name, target / name)
        return
    if target.is_dir():
        target.rmdir()
    os.replace(staged, target)
