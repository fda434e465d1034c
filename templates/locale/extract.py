"""Bring the catalogues up to date with every sentence the kit can say.

``python templates/locale/extract.py`` adds new sentences with an empty
translation, keeps the translations there are, and drops what nobody says any
more. Sentences come from literals passed to ``text``, ``N_``, ``Message`` and
``SalesModelError`` and ``Fault``, from the Markdown cells of the notebooks, and from the
sources and units of ``templates/assumptions.yaml``.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
LOCALES = Path(__file__).resolve().parent
CALLS = frozenset({"text", "N_", "Message", "SalesModelError", "Fault"})
HEADER = 'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def collect_sentences(root: Path = ROOT) -> dict[str, tuple[str, ...]]:
    """Return every sentence the kit can say, with the files that say it."""
    found: dict[str, set[str]] = {}
    for path in sorted(root.glob("salesmodel_kit/**/*.py")):
        if "resources" not in path.parts:
            for sentence in scan_code(path.read_text(encoding="utf-8")):
                found.setdefault(sentence, set()).add(path.relative_to(root).as_posix())
    for path in sorted(root.glob("notebooks/**/*.ipynb")):
        for sentence in scan_notebook(path.read_text(encoding="utf-8")):
            found.setdefault(sentence, set()).add(path.relative_to(root).as_posix())
    assumptions = root / "templates" / "assumptions.yaml"
    for sentence in scan_assumptions(assumptions.read_text(encoding="utf-8")):
        found.setdefault(sentence, set()).add(assumptions.relative_to(root).as_posix())
    return {sentence: tuple(sorted(files)) for sentence, files in found.items()}


def scan_code(source: str) -> Iterator[str]:
    """Yield the literal sentences of a module.

    Examples
    --------
    >>> list(scan_code('language.text("Yes" if sure else "No"); N_("Perhaps")'))
    ['Yes', 'No', 'Perhaps']
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and _is_sentence_call(node.func):
            yield from _list_literals(node.args[0])


def _is_sentence_call(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute) and function.attr == "__init__":
        return True
    return getattr(function, "attr", getattr(function, "id", None)) in CALLS


def _list_literals(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.IfExp):
        yield from _list_literals(argument.body)
        yield from _list_literals(argument.orelse)
    elif isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value.strip():
        yield argument.value


def scan_notebook(source: str) -> Iterator[str]:
    """Yield the text of each Markdown cell."""
    for cell in json.loads(source)["cells"]:
        if cell["cell_type"] == "markdown":
            yield "".join(cell["source"])


def scan_assumptions(source: str) -> Iterator[str]:
    """Yield units and sources of the assumptions."""
    for entry in yaml.safe_load(source).values():
        yield entry["unit"]
        yield entry["source"]


def read_catalogue(language: str) -> Catalog:
    """Return the catalogue of a language as it is on disk."""
    path = LOCALES / language / "LC_MESSAGES" / "salesmodel.po"
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def update_catalogue(language: str) -> tuple[int, int]:
    """Rewrite a catalogue; return how many sentences it has and how many wait for a translation."""
    before, after = read_catalogue(language), Catalog(locale=language)
    sentences = collect_sentences()
    for sentence, files in sentences.items():
        known = before.get(sentence)
        after.add(sentence, known.string if known else "", locations=[(file, None) for file in files])
    path = LOCALES / language / "LC_MESSAGES" / "salesmodel.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(HEADER.format(language=language).encode())
        write_po(stream, after, width=110, omit_header=True, sort_output=True, include_lineno=False)
    return len(sentences), sum(not after[sentence].string for sentence in sentences)


if __name__ == "__main__":
    n_sentences, n_waiting = update_catalogue("fr")
    sys.stdout.write(f"{n_sentences} sentences, {n_waiting} without a French translation\n")
