"""Small notebooks and clients for tests of the batch."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import nbformat

from salesmodel_kit.resources import find_resource

PARAMETERS = 'client = "demo:software-publisher"\nlanguage = None\ninteractive = True'
#: Shows one exhibit that names the client and what the notebook can see of earlier runs.
EXHIBIT = """
import base64
from IPython.display import HTML, display
from salesmodel_kit.client.folder import open_client
opened = open_client(client, language=language)
seen = sorted(name for name in globals() if name.startswith("canary"))
canary = opened.profile.id
svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>{opened.profile.id} {seen}</title></svg>'
source = base64.b64encode(svg.encode()).decode()
display(HTML(f'<figure class="exhibit" id="NAME"><figcaption><p class="exhibit-title">{opened.profile.id} {seen}</p>'
             f'</figcaption><img src="data:image/svg+xml;base64,{source}" alt="a"></figure>'))
"""


def write_notebook(path: Path, *sources: str, parameters: str = PARAMETERS) -> Path:
    """Write a notebook with a title, its parameters and code cells."""
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    notebook.cells = [
        nbformat.v4.new_markdown_cell(f"# {path.stem}", id="title"),
        nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}, id="parameters"),
        *(nbformat.v4.new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources)),
    ]
    nbformat.write(notebook, path)
    return path


def write_exhibit_notebook(path: Path, *sources: str) -> Path:
    """Write a notebook that shows one exhibit named like the file, after the given cells."""
    return write_notebook(path, *sources, EXHIBIT.replace("NAME", path.stem))


def copy_demo(name: str, folder: Path, *, client_id: str) -> Path:
    """Copy a demo client under another id."""
    shutil.copytree(find_resource("data", name), folder)
    profile = folder / "client.yaml"
    text = profile.read_text(encoding="utf-8")
    lines = [f"id: {client_id}" if line.startswith("id:") else line for line in text.splitlines()]
    profile.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def hash_tree(folder: Path, *, skip: tuple[str, ...] = ()) -> dict[str, str]:
    """Return relative path -> hash of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in skip
    }
