"""Ballots on paper or in a spreadsheet: a workbook with a sheet for each participant, written and taken back.

Who votes, in which round and how stands at the top of each sheet; answers stand in
one column. A sheet without any answer is left aside; anything that cannot be read
is named by its cell, and then nothing of the file is taken.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import uuid
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from salesmodel_kit.client.ballot_forms import (
    FORM_METHODS,
    METHOD_NAMES,
    METHOD_QUESTIONS,
    BallotForm,
    Field,
    Vote,
    list_forms,
    read_answers,
)
from salesmodel_kit.client.folder import Client, open_client
from salesmodel_kit.client.texts import read_bytes
from salesmodel_kit.client.votes_file import BallotKey
from salesmodel_kit.client.votes_store import open_votes
from salesmodel_kit.client.workbook import find_refusal
from salesmodel_kit.errors import InputProblems, Message, Problem, SalesModelError, describe_os_error
from salesmodel_kit.language import N_, Language

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
#: Rows of the head of a sheet, the first row of questions, the columns.
_PARTICIPANT, _ROUND, _METHOD, _SET, _FIRST = 3, 4, 5, 6, 9
_ANSWER, _KEY = 4, 6
_HEADINGS = (N_("Axis"), N_("Criterion"), N_("Segment or second criterion"), N_("Your answer"), N_("What is expected"))


class SheetProblems(InputProblems):
    """Everything that is wrong with filled ballot sheets; nothing of them was taken.

    Parameters
    ----------
    file : str
        The workbook.
    problems : list of Problem
        By sheet and row.
    """

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.client = file
        self.problems = tuple(problems)
        SalesModelError.__init__(self, "{file}: nothing was taken; problems to mend: {n_problems}.", file=file,
                                 n_problems=len(problems))


def write_sheets(source: Path, out: Path, *, method: str, weight_set: str = "") -> int:
    """Write a workbook with a ballot sheet for each participant, for the next round.

    Parameters
    ----------
    source : Path
        The client's folder or workbook.
    out : Path
        A file that is not there yet.
    method : str
        One of ``FORM_METHODS``.
    weight_set : str
        The set of weights; empty for the one without name.

    Returns
    -------
    int
        Sheets.

    Raises
    ------
    SalesModelError
        The file is there or cannot be written, the client lists no participants or has nothing to vote on.
    """
    import openpyxl

    client = open_client(source)
    if client.participants is None:
        raise SalesModelError("{client} has no participants; list who votes in participants.csv (participant, name, "
                              "department).", client=source)
    forms = list_forms(client.criteria, client.segments, method)
    if not forms:
        raise SalesModelError("There is nothing to vote on in this way: every axis has a single criterion.")
    if out.suffix.lower() != ".xlsx" or out.exists():
        raise SalesModelError("{file}: name a new file that ends in .xlsx; nothing was written.", file=out)
    book, named = openpyxl.Workbook(), "" if method == "rating" else weight_set
    book.remove(book.active)
    head = (str(_find_next_round(client, named, is_rating=method == "rating")), method, named)
    for code, name in zip(client.participants["participant"], client.participants["name"], strict=True):
        _fill_sheet(_add_sheet(book, name), forms, (name, code, *head), Language(client.profile.language))
    _save(book, out)
    return len(book.sheetnames)


def _find_next_round(client: Client, weight_set: str, *, is_rating: bool) -> int:
    votes = client.votes
    if votes is None:
        return 1
    own = votes[(votes["kind"] == "rating") == is_rating]
    last = own.loc[own["weight_set"].fillna("") == weight_set, "round"].max() if len(own) else 0
    return 1 + (int(last) if last == last else 0)


def _add_sheet(book: Workbook, name: str) -> Worksheet:
    """Return a new sheet, named after a participant as far as a spreadsheet allows."""
    title, number = _FORBIDDEN.sub(" ", name).strip()[:28] or "–", 1
    taken, wanted = {known.casefold() for known in book.sheetnames}, title
    while wanted.casefold() in taken:
        number, wanted = number + 1, f"{title} {number + 1}"
    return book.create_sheet(wanted)


def _fill_sheet(sheet: Worksheet, forms: tuple[BallotForm, ...], head: tuple[str, ...], language: Language) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    name, code, number, method, weight_set = head
    labels = (N_("Participant"), N_("Round"), N_("Method"), N_("Set of weights"))
    _put(sheet, 1, 1, f"{language.text('Vote')} – {name} – {language.text(METHOD_NAMES[method])}")
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    _put(sheet, 2, 1, language.text(METHOD_QUESTIONS[method]))
    sheet.merge_cells("A2:E2")
    sheet.row_dimensions[2].height = 48
    sheet.cell(2, 1).alignment = Alignment(wrap_text=True, vertical="top")
    for row, (label, text) in enumerate(zip(labels, (code, number, method, weight_set), strict=True), _PARTICIPANT):
        _put(sheet, row, 1, language.text(label))
        _put(sheet, row, 2, text)
    for at, heading in enumerate(_HEADINGS, 1):
        _put(sheet, _FIRST - 1, at, language.text(heading))
        sheet.cell(_FIRST - 1, at).font = Font(bold=True)
    row, wash = _FIRST, PatternFill("solid", fgColor="EAF2F7")
    for form in forms:
        for asked in form.fields:
            _ask(sheet, row, form, asked, language=language)
            sheet.cell(row, _ANSWER).fill = wash
            row += 1
    for letter, width in zip("ABCDEF", (24, 34, 34, 16, 60, 4), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.column_dimensions["F"].hidden = True
    sheet.freeze_panes = sheet.cell(_FIRST, 1)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _put(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Write a text that is never a formula."""
    if text:
        cell = sheet.cell(row, column)
        cell.value, cell.data_type, cell.number_format = text, "s", "@"


def _ask(sheet: Worksheet, row: int, form: BallotForm, asked: Field, *, language: Language) -> None:
    first, second = asked.criterion, form.segments.get(asked.segment or "") or form.labels.get(asked.against or "", "")
    words = {"best": N_("Counts most"), "worst": N_("Counts least"), "best_to": N_("The one that counts most against"),
             "to_worst": N_("against the one that counts least")}
    said = language.text(words[asked.kind]) if asked.kind in words else ""
    texts = (language.word("axis", form.axis), form.labels[first] if first else said, second or (said if first else ""))
    for at, text in enumerate(texts, 1):
        _put(sheet, row, at, text)
    _put(sheet, row, _ANSWER + 1, _describe(form, asked, language))
    _put(sheet, row, _KEY, f"{form.axis}/{asked.key}")
    sheet.cell(row, _ANSWER).number_format = "@" if asked.kind in ("comparison", "best", "worst") else "General"


def _describe(form: BallotForm, asked: Field, language: Language) -> str:
    if asked.kind in ("best", "worst"):
        return language.text("one of: {names}", names=", ".join(form.labels.values()))
    if asked.kind == "comparison":
        return language.text("1 to 9: how many times the first counts; 1/2 to 1/9 where the second counts more")
    levels = form.levels.get(asked.criterion or "") if asked.kind == "rating" else None
    if levels:
        return "; ".join(f"{at} {meaning}" for at, meaning in enumerate(levels, 1) if meaning)
    if asked.kind == "points":
        return language.text("points of 0 or more; only the shares matter")
    if asked.kind == "swing":
        return language.text("100 for the step that is worth most, 0 to 100 for the others")
    return language.text("{low} to {high}", low=language.number(asked.low, 0 if asked.low % 1 == 0 else 2),
                         high=language.number(asked.high, 0 if asked.high % 1 == 0 else 2))


def _save(book: Workbook, out: Path) -> None:
    part = out.with_name(f".{out.name}-{uuid.uuid4().hex}")
    try:
        book.save(part)
        os.replace(part, out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise SalesModelError("{target} cannot be written ({detail}).", target=str(out),
                              detail=describe_os_error(error)) from error


@dataclass
class _Taken:
    """What the sheets say so far."""

    ballots: dict[BallotKey, tuple[Vote, ...]] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sheets: dict[str, str] = field(default_factory=dict)


def take_sheets(folder: Path, filled: Path) -> tuple[Message, ...]:
    """Take filled ballot sheets into the votes of a client.

    Parameters
    ----------
    folder : Path
        The client's folder.
    filled : Path
        A workbook from :func:`write_sheets`.

    Returns
    -------
    tuple of Message
        What came of it.

    Raises
    ------
    SheetProblems
        Something on the sheets is wrong; it holds everything, and nothing was taken.
    SalesModelError
        There is no such workbook, or the votes cannot be written.
    """
    client = open_client(folder)
    people = {} if client.participants is None else dict(
        zip(client.participants["participant"], client.participants["name"], strict=True))
    taken = _Taken()
    for sheet in _open_book(filled).worksheets:
        _take_sheet(sheet, client, people, file=filled.name, taken=taken)
    if taken.problems:
        raise SheetProblems(filled.name, taken.problems)
    if not taken.ballots:
        raise SalesModelError("{file}: no sheet is filled in; nothing was taken.", file=filled.name)
    with open_votes(folder, client.profile.language) as store:
        n_replaced = sum(bool(store.file.find_votes(key)) for key in taken.ballots)
        store.save(taken.ballots)
    return _tell(taken, n_replaced, store.path.name)


def _open_book(filled: Path) -> Workbook:
    import openpyxl

    content = read_bytes(filled)
    refusal = find_refusal(content)
    if refusal is None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        except Exception:  # openpyxl raises whatever a damaged file makes it stumble over
            refusal = Message("The workbook cannot be read; open it, save it again as .xlsx without a password, and "
                              "retry.")
    raise SheetProblems(filled.name, [Problem(refusal, file=filled.name)])


def _take_sheet(sheet: Worksheet, client: Client, people: Mapping[str, str], *, file: str, taken: _Taken) -> None:
    """Read one sheet; what is wrong with it is added to the problems."""
    code, number, method, weight_set = (_read(sheet, row, 2) for row in (_PARTICIPANT, _ROUND, _METHOD, _SET))
    answers, rows = _read_answers(sheet)
    if not any(answers.values()):
        taken.empty.append(people.get(code, sheet.title))
        return
    message = Message("There is no such participant; write the code of one: {known}.", {"known": ", ".join(people)})
    wrong = [(_PARTICIPANT, code, message)] if code not in people else []
    if code in taken.sheets:
        message = Message("The sheet {other} is of the same participant; keep one.", {"other": taken.sheets[code]})
        wrong.append((_PARTICIPANT, code, message))
    if not re.fullmatch(r"[1-9]\d{0,5}", number):
        wrong.append((_ROUND, number, Message("The number of the round is expected, as 1 or 2.")))
    if method not in FORM_METHODS:
        message = Message("One of these is expected: {choices}.", {"choices": ", ".join(FORM_METHODS)})
        wrong.append((_METHOD, method, message))
    taken.problems += [Problem(message, file=file, sheet=sheet.title, row=row, column="B", value=value or None)
                       for row, value, message in wrong]
    if wrong:
        return
    taken.sheets[code] = sheet.title
    for form in list_forms(client.criteria, client.segments, method):
        own = {key.removeprefix(f"{form.axis}/"): text for key, text in answers.items()
               if key.startswith(f"{form.axis}/")}
        found = read_answers(form, _name_choices(form, own), people[code])
        for key, message in found.problems:
            row = rows.get(f"{form.axis}/{key}")
            taken.problems.append(Problem(message, file=file, sheet=sheet.title, row=row, column="D" if row else None,
                                          value=own.get(key or "") or None))
        if found.votes:
            named = "" if method == "rating" else weight_set
            taken.ballots[BallotKey(int(number), code, named, form.axis, method == "rating")] = found.votes


def _read_answers(sheet: Worksheet) -> tuple[dict[str, str], dict[str, int]]:
    """Return the answers of a sheet by key, and the row of each."""
    rows = {key: row for row in range(_FIRST, min(sheet.max_row, 20_000) + 1) if (key := _read(sheet, row, _KEY))}
    return {key: _read(sheet, row, _ANSWER) for key, row in rows.items()}, rows


def _read(sheet: Worksheet, row: int, column: int) -> str:
    value = sheet.cell(row, column).value
    if isinstance(value, bool | dt.date | dt.time):
        return str(value)
    if isinstance(value, int | float):
        return f"{value:.10g}"
    return "" if value is None else str(value).strip()


def _name_choices(form: BallotForm, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers with the criteria that were chosen by name under their ids."""
    ids = {label.casefold(): name for name, label in form.labels.items()}
    return {key: ids.get(text.casefold(), text) if key in ("best", "worst") else text for key, text in answers.items()}


def _tell(taken: _Taken, n_replaced: int, file: str) -> tuple[Message, ...]:
    sentences = [Message("Taken into {file}: the votes of {n_people} (ballots: {n_ballots}).",
                         {"file": file, "n_people": len(taken.sheets), "n_ballots": len(taken.ballots)})]
    if n_replaced:
        sentences.append(Message("Ballots that replace one of the same participant and round: {n}; the file as it was "
                                 "is in the folder former.", {"n": n_replaced}))
    if taken.empty:
        sentences.append(Message("Left aside, nothing filled in: {names}.", {"names": ", ".join(taken.empty)}))
    return tuple(sentences)
