"""The fork engine: the same outputs as a kernel, in a fresh child each time."""

import os
import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from salesmodel_kit.batch.limits import Limits
from salesmodel_kit.errors import SalesModelError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the engine fork runs on Linux only")

LIMITS = Limits()
#: Everything that a cell can put out, in an order that must be kept.
CELLS = {
    "streams": """
import sys
print('one', flush=True)
print('two', file=sys.stderr, flush=True)
print('three'); print('four')""",
    "result": "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "nothing": "value = 3",
    "silent": "value;",
    "display": """
from IPython.display import HTML, display, update_display
_ = display(HTML('<b>1</b>'), display_id='one')""",
    "update": "update_display(HTML('<b>2</b>'), display_id='one')\ndisplay('here')",
    "clear": "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('stays')",
    "clear later": "print('gone')\nclear_output(wait=True)\nprint('stays')",
    "picture": "import matplotlib.pyplot as plt\n_ = plt.plot([1, 3, 2])",
    "two pictures": "for number in (1, 2):\n    plt.figure(figsize=(2, 1))\n    plt.plot([number, 2])\n    plt.show()",
    "figure": """
from matplotlib.figure import Figure
figure = Figure(figsize=(1, 1))
_ = figure.subplots().plot([1, 2])
figure""",
    "widget": "import ipywidgets\nprint(ipywidgets.IntSlider(value=3).value)",
    "last": "value",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Return a template process that has loaded little, so that it starts soon."""
    from salesmodel_kit.batch.fork_server import ForkServer

    with ForkServer(Path(tmp_path_factory.mktemp("s"))) as started:
        yield started


def run(notebook, tmp_path, *, server=None, limits=LIMITS):
    from salesmodel_kit.batch.kernels import Place, execute_notebook

    place = Place(tmp_path, limits, fork_socket=None if server is None else str(server.socket))
    return execute_notebook(notebook, name="01", parameters={}, place=place)


def make_notebook(*sources):
    cells = [new_code_cell("number = 1", metadata={"tags": ["parameters"]}), *map(new_code_cell, sources)]
    return new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "language": "python",
                                                              "display_name": "Python 3"}})


def read_outputs(notebook):
    """Return what each cell put out as plain values, its number with it."""
    return [(cell.execution_count, [dict(output) for output in cell.outputs])
            for cell in notebook.cells if cell.cell_type == "code" and cell.source in CELLS.values()]


def test_fork_engine_puts_out_what_a_kernel_puts_out(server, tmp_path):
    notebook = make_notebook(*CELLS.values())

    forked, by_kernel = run(notebook, tmp_path, server=server), run(notebook, tmp_path)

    for name, ours, theirs in zip(CELLS, read_outputs(forked), read_outputs(by_kernel), strict=True):
        assert ours == theirs, name
    nbformat.validate(forked)
    assert "image/png" in str(read_outputs(forked))


def test_fork_engine_stops_at_the_cell_that_fails_like_a_kernel(server, tmp_path):
    notebook = make_notebook("ratio = 1 / 0", "print('never')")

    for engine in (server, None):
        with pytest.raises(SalesModelError, match="cell 2: ZeroDivisionError: division by zero"):
            run(notebook, tmp_path, server=engine)


@pytest.mark.parametrize("source", ["value =", "import nothing_of_this_name", "raise SystemExit(3)", "1 + int('x')"])
def test_fork_engine_says_errors_as_a_kernel_says_them(server, tmp_path, source):
    said = []
    for engine in (server, None):
        with pytest.raises(SalesModelError) as caught:
            run(make_notebook(source), tmp_path, server=engine)
        said.append(re.sub(r"\(.*, line", "(a file of the engine's own, line", str(caught.value)))

    assert said[0] == said[1]


def test_fork_engine_leaves_nothing_of_one_notebook_to_the_next(server, tmp_path, monkeypatch):
    monkeypatch.setenv("SALESMODEL_SECRET", "canary")
    leak = (
        "import os, random, builtins, sys, pandas, matplotlib, numpy\n"
        "os.environ['LEAK'] = 'canary'; builtins.leak = 'canary'; sys.modules['leak'] = 'canary'\n"
        "pandas.set_option('display.max_rows', 3); matplotlib.rcParams['font.size'] = 77.0\n"
        "random.seed(1); numpy.random.seed(1); open('leak', 'w').write('canary'); os.chdir('/')\n"
        "leak = 'canary'; pandas.DataFrame.leak = 'canary'"
    )
    look = (
        "import os, builtins, sys, pandas, matplotlib\n"
        "print(os.environ.get('LEAK'), os.environ.get('SALESMODEL_SECRET'), hasattr(builtins, 'leak'),\n"
        "      'leak' in sys.modules, pandas.get_option('display.max_rows'),\n"
        "      matplotlib.rcParams['font.size'] == 77.0,\n"
        "      os.path.exists('leak'), 'leak' in globals(), hasattr(pandas.DataFrame, 'leak'))"
    )
    run(make_notebook(leak), tmp_path, server=server)

    after = run(make_notebook(look), tmp_path, server=server)

    nothing = ["None", "None", "False", "False", "60", "False", "False", "False", "False"]
    assert after.cells[-1].outputs[0].text.split() == nothing


def test_fork_engine_draws_other_random_numbers_in_each_child(server, tmp_path):
    draw = make_notebook("import random, numpy\nprint(random.random(), numpy.random.random())")

    drawn = [run(draw, tmp_path, server=server).cells[-1].outputs[0].text for _ in range(2)]

    assert drawn[0] != drawn[1]


def test_fork_engine_says_that_a_child_died(server, tmp_path):
    with pytest.raises(SalesModelError, match="ended without a word"):
        run(make_notebook("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"), tmp_path, server=server)


def test_fork_engine_ends_what_a_notebook_has_started(server, tmp_path):
    source = "import subprocess\nprint(subprocess.Popen(['sleep', '600']).pid)"

    pid = int(run(make_notebook(source), tmp_path, server=server).cells[-1].outputs[0].text)

    state = Path(f"/proc/{pid}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"


def test_fork_server_ends_with_its_block_and_takes_its_children_along(tmp_path):
    from salesmodel_kit.batch.fork_server import ForkServer

    with ForkServer(tmp_path) as started:
        notebook = run(make_notebook("import os\nprint(os.getppid())"), tmp_path, server=started)

    template = int(notebook.cells[-1].outputs[0].text)
    with pytest.raises(ProcessLookupError):
        os.kill(template, 0)


def test_fork_server_gives_up_on_a_template_that_never_starts_and_says_why(tmp_path, monkeypatch):
    from salesmodel_kit.batch import fork_server
    from salesmodel_kit.errors import SalesModelError

    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho 'SyntaxError: invalid syntax' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(fork_server.sys, "executable", str(broken))

    with fork_server.ForkServer(tmp_path) as started:
        started._process.wait(timeout=10)
        started.tend()
        started._process.wait(timeout=10)
        with pytest.raises(SalesModelError) as refusal:
            started.tend()

    assert "(SyntaxError: invalid syntax)" in str(refusal.value)


def test_fork_engine_works_through_papermill_alone(tmp_path):
    import papermill
    from papermill.engines import papermill_engines

    from salesmodel_kit.batch.fork_engine import ENGINE, ForkEngine

    papermill_engines.register(ENGINE, ForkEngine)

    done = papermill.execute_notebook(make_notebook("print(number + 1)"), None, parameters={"number": 4},
                                      engine_name=ENGINE, progress_bar=False, cwd=tmp_path)

    assert done.cells[-1].outputs[0].text == "5\n"
