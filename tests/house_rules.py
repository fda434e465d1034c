"""The rules of the house, as functions that list what breaks them."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import nbformat
from numpydoc.docscrape import FunctionDoc

FOUNDATION = {"errors", "tables", "language", "notation", "resources"}
#: Room -> what it may import of the package beside itself; the chain's own steps are listed below.
ROOMS: dict[str, set[str]] = {
    "errors": set(),
    "resources": set(),
    "tables": {"errors"},
    "notation": {"errors"},
    "language": {"errors", "resources"},
    "model": {"errors", "tables", "notation"},
    "client": FOUNDATION,
    "chain": FOUNDATION | {"client", "model"},
    "comparison": FOUNDATION | {"chain", "client", "model"},
    "charts": FOUNDATION,
    "narrative": FOUNDATION,
    "reports": FOUNDATION | {"chain", "comparison", "charts", "narrative", "client", "model"},
    "workshop": FOUNDATION | {"chain", "charts", "narrative", "client", "model", "reports"},
    "batch": FOUNDATION | {"client", "chain", "reports"},
    "cli": FOUNDATION
    | {"client", "comparison", "model", "chain", "charts", "narrative", "reports", "workshop", "batch"},
    "__init__": set(),
}
#: Inside the model a step imports only these other steps.
STEPS: dict[str, set[str]] = {
    "scores": {"criteria", "ordering", "value_functions", "weights"},
    "segments": {"criteria", "scores", "value_functions", "weights"},
    "sizes": {"effort", "response"},
    "response_history": {"response"},
    "returns": {"response", "sizes"},
    "accuracy": {"outcomes"},
    "evidence": {"criteria", "history", "logistic"},
    "win_model": {"accuracy", "evidence", "history"},
    "backtest": {"history"},
    "voting": {"ballots", "groups"},
    "ballots": {"criteria", "judgements", "pairwise", "scores"},
    "draws": {"groups"},
    "flips": {"acceptability"},
    "margins": set(),
    "acceptability": {"margins"},
    "robustness": {"acceptability", "criteria", "draws", "flips", "margins"},
    "account_groups": {"account_features", "agreement", "latent_groups"},
    "group_profiles": {"account_features", "account_groups"},
    "frozen_rule": {"account_features", "account_groups", "latent_groups"},
    "criteria": {"value_functions"},
    "anchors": {"value_functions"},
    "vetoes": {"value_functions"},
    "explanations": {"criteria", "scores"},
    "tiers": {"tier_rules"},
    "tier_rules": {"margins", "natural_breaks", "ordering"},
    "assignment": {"settling"},
    "teams": {"assignment", "demands", "settling"},
    "territories": {"balance", "demands", "teams"},
    "workload": {"norms"},
    "selling_days": {"calendar"},
    "costs": {"norms"},
    "travel": {"areas", "territories"},
    "driven": {"assignment", "demands", "territories", "travel"},
    "places": {"territories", "travel"},
    "homes": {"medians", "territories"},
    "plans": {"balance", "demands", "territories", "travel"},
    "call_phases": {"call_board"},
    "call_weeks": {"call_board", "call_phases"},
    "call_plan": {"areas", "calendar", "call_board", "call_days", "call_measures", "call_weeks", "former_plan",
                  "seasons", "territories"},
    "call_measures": {"calendar", "call_days"},
    "seasons": {"calendar"},
}
#: Library -> the only rooms that may import it.
LIBRARIES: dict[str, set[str]] = {
    "matplotlib": {"charts"},
    "anywidget": {"workshop"},
    "ipywidgets": {"workshop"},
    "papermill": {"batch"},
    "nbconvert": {"reports"},
    "openpyxl": {"client"},
    "sklearn": {"model"},
}


def list_imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and full name of everything that a module imports, wherever it does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")


def find_forbidden_imports(package: Path) -> list[str]:
    """Return the imports that go against the table of rooms."""
    found = []
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        room, step = parts[0], parts[-1]
        if room not in ROOMS:
            found.append(f"{path.name}: no such room: {room}")
            continue
        for line, name in list_imports(ast.parse(path.read_text(encoding="utf-8"))):
            if _is_forbidden(name, room=room, step=step):
                found.append(f"{'/'.join(parts)}:{line} imports {name}")
    return found


def _is_forbidden(name: str, *, room: str, step: str) -> bool:
    top, *rest = name.split(".")
    if name.startswith("."):
        return True
    if top != "salesmodel_kit":
        return top in LIBRARIES and room not in LIBRARIES[top]
    if not rest:
        return False
    if room == "model" and rest[0] == "model":
        return len(rest) > 1 and rest[1] not in STEPS.get(step, set())
    return rest[0] != room and rest[0] not in ROOMS[room]


def find_thick_cells(notebook_path: Path) -> list[str]:
    """Return the code cells that do more than tell and call."""
    found = []
    for number, cell in enumerate(nbformat.read(notebook_path, as_version=4).cells):
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        is_parameters = "parameters" in cell.metadata.get("tags", [])
        imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        if len(tree.body) - len(imports) > 3:
            found.append(f"{notebook_path.name} cell {number}: more than three statements")
        found += [
            f"{notebook_path.name} cell {number}: {type(node).__name__}"
            for node in ast.walk(tree)
            if isinstance(node, _THICK) or (is_parameters and isinstance(node, ast.Call))
        ]
        if "plt." in cell.source:
            found.append(f"{notebook_path.name} cell {number}: pyplot")
    return found


_THICK = (ast.BinOp, ast.For, ast.While, ast.If, ast.IfExp, ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp,
          ast.DictComp, ast.SetComp, ast.GeneratorExp, ast.Try, ast.With)  # fmt: skip


def find_untold_parameters(function: object) -> list[str]:
    """Return the parameters that a function's numpydoc docstring does not describe, or describes for nothing."""
    document = FunctionDoc(function)
    described = {name.strip("* ") for entry in document["Parameters"] for name in entry.name.split(",")}
    names = {name for name in inspect.signature(function).parameters if name not in {"self", "cls"}}
    found = [f"{name} is not described" for name in sorted(names - described)]
    found += [f"{name} is described and not there" for name in sorted(described - names)]
    returns = inspect.signature(function).return_annotation
    if returns not in ("None", None, inspect.Signature.empty) and not (document["Returns"] or document["Yields"]):
        found.append("what it returns is not described")
    return found


def find_large_functions(package: Path, *, most_lines: int) -> list[str]:
    """Return the functions with more lines of body than the house allows, docstrings left out."""
    found = []
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body and body[-1].end_lineno - body[0].lineno + 1 > most_lines:
                found.append(f"{path.name}:{node.lineno} {node.name}")
    return found


def find_prints(package: Path) -> list[str]:
    """Return the calls of print and the imports of pyplot in the library."""
    found = []
    for path in sorted(package.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [
            f"{path.name}:{node.lineno} print"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        ]
        found += [f"{path.name}:{line} {name}" for line, name in list_imports(tree) if "pyplot" in name]
    return found
