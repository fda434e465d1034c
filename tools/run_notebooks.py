"""Run the kit's notebooks as they are and keep their outputs in them, so that a reader sees what they show.

``make notebooks`` after a change of a notebook, a chart or a sentence.
"""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

from salesmodel_kit.batch.kernels import Place, execute_notebook, prepare_worker
from salesmodel_kit.batch.notebooks import clean_notebook, prepare_notebook
from salesmodel_kit.batch.run import find_notebooks


def main() -> None:
    """Run each notebook on the client that stands in it, without live panels, and write it back."""
    prepare_worker()
    import nbformat

    with tempfile.TemporaryDirectory(prefix="salesmodel-") as scratch:
        for path in find_notebooks():
            notebook = prepare_notebook(path, language="en")
            still = {"interactive": False}
            executed = execute_notebook(notebook, name=path.stem, parameters=still, place=Place(Path(scratch)))
            tags = [cell.metadata.get("tags", ()) for cell in executed.cells]
            own = ["injected-parameters" not in names for names in tags]
            executed.cells = list(itertools.compress(executed.cells, own))
            nbformat.write(clean_notebook(executed, shown={}), path)
            print(path.name)


if __name__ == "__main__":
    main()
