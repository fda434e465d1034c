"""Evaluate the expressions of a mapping file over the files that were read.

Nothing here is code from the mapping file: an expression is a declared
operation on named columns. Cells are text until an operation needs a number or
a day; a missing cell stays missing, and zero is a number.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from salesmodel_kit.client.cells import fold, read_dates, read_numbers, sort_numbers
from salesmodel_kit.client.mapping import FIGURES, Condition, Expression, Lookup, MappingFile, Total
from salesmodel_kit.client.operations import (
    as_text,
    change_each,
    join_words,
    lengthen_salesforce_id,
    say,
    take_first_known,
    translate,
)
from salesmodel_kit.client.texts import Place
from salesmodel_kit.errors import InputProblems, Message, Problem


@dataclass(frozen=True)
class ReadTable:
    """A table that was read, and the source that it is.

    Parameters
    ----------
    place : Place
        File, sheet and headers.
    source : str
        Identifier of the source in the mapping file.
    n_rows : int
        Rows found.
    decimal_mark : {".", ",", None}
        Expected decimal mark where a column leaves it open.
    """

    place: Place
    source: str
    n_rows: int
    decimal_mark: str | None


@dataclass
class Derivation:
    """The rows of every source that was given, and the columns made from them.

    Parameters
    ----------
    mapping : MappingFile
        What each source is.
    frames : dict of str to pandas.DataFrame
        Source -> text table with the declared columns that were found, and
        ``_table`` and ``_row`` for where a row comes from.
    tables : sequence of ReadTable
        What ``_table`` counts.
    language : {"en", "fr"}
        Language of constants that are given in both.
    """

    mapping: MappingFile
    frames: dict[str, pd.DataFrame]
    tables: Sequence[ReadTable]
    language: str
    data_until: dt.date | None = None
    problems: list[Problem] = field(default_factory=list)
    several: Counter[str] = field(default_factory=Counter)
    _made: dict[tuple[str, str], pd.Series] = field(default_factory=dict)
    _open: list[tuple[str, str]] = field(default_factory=list)

    def column(self, source: str, name: str) -> pd.Series:
        """Return a column of a source, found in the file or added by the mapping; missing where it is not there."""
        frame = self.frames[source]
        if name in frame.columns:
            return frame[name]
        key = (source, name)
        if key in self._made:
            return self._made[key]
        expression = self.mapping.sources[source].add.get(name)
        if expression is None:
            return pd.Series(None, index=frame.index, dtype="str")
        if key in self._open:
            self._stop(Message("This column is made from itself; break the circle."), f"sources.{source}.add.{name}")
        self._open.append(key)
        self._made[key] = self.evaluate(expression, source, place=name)
        self._open.pop()
        return self._made[key]

    def evaluate(self, expression: Expression, source: str, *, place: str) -> pd.Series:
        """Return one value a row of ``source``: text, or float64 where the operation makes numbers.

        Parameters
        ----------
        expression : Expression
            A checked expression.
        source : str
            The source whose rows are walked.
        place : str
            Name of the column being made, for messages.
        """
        values = self._operate(expression, source, place)
        if expression.first_in is not None:
            values = self._take_first(values, expression.first_in, f"{source}.{place}")
        if expression.form == "salesforce_id":
            values = change_each(values, lengthen_salesforce_id)
        elif expression.form is not None:
            values = self.read_days(values, source, place)
            values = change_each(values, lambda day: day[:4]) if expression.form == "year" else values
        if expression.map is not None:
            values = translate(values, expression.map, expression.otherwise)
        if expression.scale is not None:
            values = self.read_numbers(values, source, place) * expression.scale
        if expression.when:
            values = values.where(self.holds(expression.when, source))
        if expression.if_missing is not None:
            values = as_text(values).fillna(say(expression.if_missing, self.language))
        return values

    def _operate(self, expression: Expression, source: str, place: str) -> pd.Series:
        index = self.frames[source].index
        if expression.column is not None:
            return self.column(source, expression.column)
        if expression.constant is not None:
            return pd.Series(say(expression.constant, self.language), index=index, dtype="str")
        if expression.lookup is not None:
            return self._look_up(expression.lookup, source)
        if expression.total is not None:
            return self._total(expression.total, source, place)
        inner = expression.first_of or expression.joined or expression.product_of or (expression.one_minus,)
        parts = [self.evaluate(part, source, place=place) for part in inner if part is not None]
        if expression.first_of:
            return take_first_known(parts)
        if expression.joined:
            return join_words(parts)
        numbers = [self.read_numbers(part, source, place) for part in parts]
        return 1 - numbers[0] if expression.one_minus else pd.Series(np.prod(numbers, axis=0), index=index)

    def holds(self, conditions: Sequence[Condition], source: str) -> pd.Series:
        """Return which rows of ``source`` meet every condition."""
        result = pd.Series(True, index=self.frames[source].index)
        for condition in conditions:
            values = as_text(self.column(source, condition.column))
            if condition.equals is None:
                result &= values.notna() == condition.known
            else:
                wanted = {fold(value) for value in condition.equals}
                result &= values.map({value: fold(value) in wanted for value in values.dropna().unique()}).eq(True)
        return result

    def _look_up(self, lookup: Lookup, source: str) -> pd.Series:
        ours = as_text(self.column(source, lookup.our))
        if lookup.source not in self.frames:
            return pd.Series(None, index=ours.index, dtype="str")
        theirs = as_text(self.column(lookup.source, lookup.their))
        pairs = pd.DataFrame({"key": theirs, "value": self.column(lookup.source, lookup.take)})
        pairs = pairs.dropna().drop_duplicates().drop_duplicates("key", keep=False)
        return ours.map(pairs.set_index("key")["value"])

    def _total(self, total: Total, source: str, place: str) -> pd.Series:
        ours = as_text(self.column(source, total.our))
        if total.source not in self.frames:
            return pd.Series(np.nan, index=ours.index, dtype="float64")
        keep = self.holds(total.when, total.source)
        if total.day is not None and total.last_months is not None:
            keep &= self._is_recent(self.column(total.source, total.day), total.last_months, place)
        rows = pd.DataFrame({"key": as_text(self.column(total.source, total.their))})
        figure = next(name for name in FIGURES if getattr(total, name) is not None)
        values = self.column(total.source, getattr(total, figure))
        is_count = figure in ("count", "count_distinct")
        rows["value"] = values if is_count else self.read_numbers(values, total.source, getattr(total, figure))
        grouped = rows[keep].dropna(subset=["key"]).groupby("key")["value"]
        functions = {"count_distinct": "nunique", "largest": "max"}
        result = grouped.agg(functions.get(figure, figure))
        found = ours.map(result.astype("float64")).astype("float64")
        return found if figure == "largest" else found.fillna(0.0)

    def _is_recent(self, days: pd.Series, months: int, place: str) -> pd.Series:
        if self.data_until is None:
            self._stop(Message("A total over the last months needs data_until, and data_until needs this total; write "
                               "data_until as a day."), place)
        end = pd.Timestamp(self.data_until)
        start = end - pd.DateOffset(months=months)
        text = as_text(days)
        return (text > start.date().isoformat()) & (text <= end.date().isoformat()) & text.notna()

    def _take_first(self, values: pd.Series, mark: str, place: str) -> pd.Series:
        text = as_text(values)
        count = int(text.str.strip().str.strip(mark).str.contains(mark, regex=False).fillna(False).sum())
        if count:
            self.several[place] = count
        return change_each(text, lambda value: value.strip().strip(mark).split(mark)[0].strip() or None)

    def read_numbers(self, values: pd.Series, source: str, place: str) -> pd.Series:
        """Return text as float64; what is not a number is a problem with file and row."""
        if pd.api.types.is_numeric_dtype(values):
            return values.astype("float64")
        result = pd.Series(np.nan, index=values.index, dtype="float64")
        for number, cells in values.dropna().groupby(self.frames[source]["_table"]):
            sorted_cells = sort_numbers(cells, currency=self.mapping.profile.currency)
            marks = sorted_cells.marks or {self.tables[number].decimal_mark}
            result[cells.index] = read_numbers(sorted_cells, mark=next(iter(marks)) if len(marks) == 1 else None)
        message = Message("This is not a number, or its decimal mark is not clear.")
        self._report(message, values[values.notna() & result.isna()], source, place)
        return result

    def read_days(self, values: pd.Series, source: str, place: str) -> pd.Series:
        """Return dates as ``2026-09-30``; what is not a date is a problem with file and row."""
        text = as_text(values)
        if self._find_order(text, source, place) == "month_first":
            text = text.str.replace(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}).*$", r"\2/\1/\3", regex=True)
        days = read_dates(text.dropna().str.replace(r"^([\d/.-]+)[T ,].*$", r"\1", regex=True)).reindex(text.index)
        message = Message("This is not a date; expected one such as 2026-09-30 or 30/09/2026.")
        self._report(message, text[text.notna() & days.isna()], source, place)
        return days.dt.strftime("%Y-%m-%d").astype("str")

    def _find_order(self, text: pd.Series, source: str, place: str) -> str:
        order = self.mapping.sources[source].dates
        parts = text.dropna().str.extract(r"^(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}").dropna().astype("int64")
        if order != "as_found" or parts.empty:
            return order
        is_day_first, is_month_first = bool((parts[1] <= 12).all()), bool((parts[0] <= 12).all())
        if is_day_first and is_month_first and bool((parts[0] != parts[1]).any()):
            message = Message("The dates of this column can be read day first or month first; export them as "
                              "2026-09-30, or write “dates: day_first” or “dates: month_first” under sources.{source} "
                              "in a copy of the mapping file.", {"source": source})
            self._report(message, text.loc[parts.index[:1]], source, place)
        return "month_first" if is_month_first and not is_day_first else "day_first"

    def _report(self, message: Message, cells: pd.Series, source: str, place: str) -> None:
        frame = self.frames[source]
        for number, wrong in cells.groupby(frame["_table"].loc[cells.index]):
            wrong = wrong.set_axis(frame["_row"].loc[wrong.index])
            self.problems += [problem for problem in self.tables[number].place.problems(message, place, wrong)
                              if problem not in self.problems]

    def _stop(self, message: Message, place: str) -> None:
        raise InputProblems("mapping", [*self.problems, Problem(message, "mapping", column=place)])
