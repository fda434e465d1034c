"""The command line, as a user meets it: exit codes, sentences, files left as they were."""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from stand_in import copy_demo, hash_tree

import salesmodel_kit
from salesmodel_kit.batch.events import Event
from salesmodel_kit.batch.results import ClientResult
from salesmodel_kit.cli import console
from salesmodel_kit.cli.program import main
from salesmodel_kit.errors import Message, Problem, describe_os_error
from salesmodel_kit.language import Language

DEMO = "demo:software-publisher"
PROGRAM = [sys.executable, "-c", "import sys; from salesmodel_kit.cli import main; sys.exit(main())"]


def run_program(*words, language="en", folder=None):
    environment = {**os.environ, "SALESMODEL_LANGUAGE": language, "PYTHONUTF8": "1"}
    command = [*PROGRAM, *map(str, words)]
    return subprocess.run(
        command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8"
    )


@pytest.fixture(autouse=True)
def _speak_english(monkeypatch):
    monkeypatch.setenv("SALESMODEL_LANGUAGE", "en")


@pytest.fixture
def broken_client(tmp_path):
    folder = copy_demo("software-publisher", tmp_path / "broken", client_id="broken")
    profile = folder / "client.yaml"
    text = profile.read_text(encoding="utf-8").replace("currency: EUR", "currency: EURO")
    profile.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--version"], 0, ""),
        (["--help"], 0, "Commands:"),
        ([], 2, "Commands:"),
        (["walk"], 2, "There is no command walk."),
        (["run", DEMO], 2, "--out is missing."),
        (["run", "--out", "o"], 2, "CLIENT... is missing."),
        (["run", DEMO, "--out"], 2, "--out needs a value."),
        (["workshop", DEMO, "--read-only"], 2, "--read-only belongs to --app"),
        (["workshop", DEMO, "--app"], 2, "copy it first"),
        (["workshop", "nowhere", "--app"], 2, "nowhere: there is no such folder or workbook."),
        (["run", DEMO, "--out", "o", "--jobs", "0"], 2, "--jobs takes a whole number from 1."),
        (["run", DEMO, "--out", "o", "--language", "de"], 2, "--language: choose one of en, fr."),
        (["run", DEMO, "--out", "o", "--fast"], 2, "There is no option --fast."),
        (["import", "sap", "a.csv", "--client", "c"], 2, "KIND: choose one of salesforce, hubspot, table."),
        (["check", "nowhere"], 2, "nowhere"),
        (["check", "demo:nothing"], 2, "nothing"),
    ],
)
def test_main_says_wrong_use_in_a_sentence(words, code, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    found = main(words)

    written = capsys.readouterr()
    assert found == code
    assert said in written.out + written.err
    assert "Traceback" not in written.err
    assert list(tmp_path.iterdir()) == []


def test_help_is_in_the_language_of_the_user():
    english, french = run_program("run", "--help"), run_program("run", "--help", language="fr")

    assert english.stdout.startswith("Usage: salesmodel run")
    assert french.stdout.startswith("Usage\u00a0: salesmodel run")
    assert "Langue des rapports" in french.stdout


def test_check_shows_every_problem_as_a_table(broken_client):
    result = run_program("check", broken_client, DEMO)

    assert result.returncode == 2
    assert all(word in result.stdout for word in ("client.yaml", "currency", "EURO", "What was expected"))
    assert f"{DEMO}: no problem found." in result.stdout
    assert result.stderr.strip().endswith("the model cannot run yet; problems to mend: 1.")


def test_check_gives_programs_json(broken_client):
    result = run_program("check", broken_client, DEMO, "--json", language="fr")

    wrong, right = json.loads(result.stdout)
    assert result.returncode == 2
    assert (wrong["ok"], right["ok"]) == (False, True)
    assert wrong["problems"][0]["value"] == "EURO"
    assert "monnaie" in wrong["problems"][0]["expected"]


def test_run_leaves_every_file_as_it_was_when_the_input_is_bad(broken_client, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "index.html").write_text("earlier", encoding="utf-8")
    before = hash_tree(tmp_path)

    result = run_program("run", broken_client, tmp_path / "nowhere", "--out", out, language="fr")

    assert result.returncode == 2
    assert "EURO" in result.stderr
    assert "nowhere" in result.stderr
    assert len(result.stdout.splitlines()) == 1
    assert hash_tree(tmp_path) == before


@pytest.mark.parametrize("inside", ["", "out"])
def test_run_refuses_to_write_into_a_client(inside, tmp_path):
    client = copy_demo("software-publisher", tmp_path / "alpha", client_id="alpha")
    before = hash_tree(tmp_path)

    result = run_program("run", client, "--out", client / inside)

    assert result.returncode == 2
    assert "own folder" in result.stderr
    assert hash_tree(tmp_path) == before


def test_run_says_in_one_sentence_that_a_file_stands_in_the_way(tmp_path):
    (tmp_path / "file").write_text("mine", encoding="utf-8")

    result = run_program("run", DEMO, "--out", tmp_path / "file")

    assert result.returncode == 2
    assert result.stderr == f"Nothing can be written to {tmp_path / 'file'}: a file stands in the way.\n"
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


@pytest.mark.slow
def test_run_gives_exit_code_1_when_one_client_of_two_is_refused(broken_client, tmp_path):
    result = run_program("run", broken_client, DEMO, "--out", tmp_path / "out", "--language", "en")

    assert result.returncode == 1
    assert result.stdout.startswith(f"2 clients, from folder to report in {tmp_path / 'out'}: ")
    assert (tmp_path / "out" / "software-publisher" / "report.html").is_file()
    assert f"software-publisher: {tmp_path / 'out' / 'software-publisher' / 'report.html'}" in result.stdout
    report = (tmp_path / "out" / "software-publisher" / "report.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in report
    assert "broken" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs Unix signals")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_run_stops_clean_when_interrupted(sent, tmp_path):
    words = [*PROGRAM, "run", DEMO, "--out", str(tmp_path / "out")]
    environment = {**os.environ, "SALESMODEL_LANGUAGE": "en"}
    process = subprocess.Popen(words, stderr=subprocess.PIPE, env=environment, start_new_session=True)
    end = time.monotonic() + 60
    while not list((tmp_path / "out").glob(".run-*")):
        assert time.monotonic() < end, "the run did not start"
        time.sleep(0.05)

    process.send_signal(sent)

    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.decode().lstrip() == "Interrupted. What was complete is kept, nothing is half written.\n"
    assert list((tmp_path / "out").iterdir()) == []


def test_results_are_said_with_french_spaces(capsys, tmp_path):
    done = ClientResult("acme", "done", client_id="acme", folder=tmp_path)

    console.write_results([done], language=Language("fr"), debug=False)

    assert capsys.readouterr().out.startswith("acme\u00a0: ")


def test_what_the_system_refuses_is_said_in_the_language_of_the_user():
    refusal = PermissionError(errno.EACCES, "Permission denied")
    message = Message("{file} cannot be written ({detail}); the decision was not recorded.",
                      {"file": "a", "detail": describe_os_error(refusal)})

    assert "accès refusé" in Language("fr").say(message)
    assert "permission denied" in str(message)


def test_run_says_what_begins_before_it_imports_what_that_needs(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "salesmodel_kit.batch.run", None)
    monkeypatch.setenv("SALESMODEL_LANGUAGE", "fr")

    main(["demo", "--out", "rapports"])

    assert capsys.readouterr().out.startswith("3 clients, du dossier au rapport dans rapports")


def test_new_makes_a_client_that_check_accepts(tmp_path):
    made = run_program("new", tmp_path / "acme", "--example", "laboratory-distributor")

    assert made.returncode == 0
    assert str(tmp_path / "acme") in made.stdout
    assert run_program("check", tmp_path / "acme").returncode == 0


def test_new_leaves_a_folder_that_is_not_empty(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")

    result = run_program("new", tmp_path)

    assert result.returncode == 2
    assert hash_tree(tmp_path).keys() == {"notes.txt"}


def test_import_says_what_is_wrong_and_writes_nothing(tmp_path):
    export = tmp_path / "export.csv"
    export.write_text("a,b\n1,2\n", encoding="utf-8")

    result = run_program("import", "salesforce", export, "--client", tmp_path / "acme")

    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == [export]


def test_main_says_how_to_see_more_when_something_unexpected_happens(capsys, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("boom [bold]")

    monkeypatch.setattr("salesmodel_kit.client.folder.open_client", fail)

    assert main(["check", "here"]) == 1
    brief = capsys.readouterr().err
    assert main(["check", "here", "--debug"]) == 1
    full = capsys.readouterr().err

    assert brief == (
        "Something unexpected happened: RuntimeError: boom [bold]\nRun the command again with --debug to see where.\n"
    )
    assert "Traceback" in full


def test_write_problems_shows_data_as_plain_text():
    problem = Problem(Message("Expected a {thing}.", {"thing": "[red]name[/red]"}), file="a.csv", value="\x1b[2J[b]x")
    stream = io.StringIO()

    console.write_problems([problem], language=Language("en"), stream=stream)

    assert "[red]name[/red]" in stream.getvalue()
    assert "\ufffd[2J[b]x" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


@pytest.mark.parametrize("text", ["\x1b]0;title\x07", "a\u202eb", "a\rb"])
def test_make_safe_replaces_what_a_terminal_obeys(text):
    assert not set(console.make_safe(text)) & set("\x1b\x07\u202e\r")


def test_help_imports_nothing_heavy():
    heavy = {"pandas", "numpy", "matplotlib", "papermill", "nbformat", "pydantic"}
    code = (
        f"import sys; from salesmodel_kit.cli import main; main(['--help']); print(sorted({heavy} & set(sys.modules)))"
    )

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert result.stdout.splitlines()[-1] == "[]"


def test_version_is_the_package_version(capsys):
    main(["--version"])

    assert capsys.readouterr().out.strip() == salesmodel_kit.__version__


def test_run_writes_json_lines_for_programs_and_nothing_else(tmp_path, broken_client):
    words = ("run", broken_client, tmp_path / "nowhere", "--out", tmp_path / "out", "--log-format", "json")

    result = run_program(*words, language="fr")

    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert result.returncode == 2
    assert result.stdout == ""
    assert {(line["step"], line["status"]) for line in lines} == {("client", "refused"), ("model", "refused")}
    assert all({"client", "step", "seconds", "status"} <= line.keys() for line in lines)
    problems = [problem for line in lines for problem in line.get("problems", ())]
    assert [(problem["file"], problem["column"], problem["value"]) for problem in problems] == [
        ("client.yaml", "currency", "EURO")]


def test_run_writes_a_json_line_when_the_batch_cannot_run(tmp_path):
    clients = [copy_demo("software-publisher", tmp_path / name, client_id="twin") for name in ("a", "b")]

    result = run_program("run", *clients, "--out", tmp_path / "out", "--log-format", "json")

    line = json.loads(result.stderr)
    assert result.returncode == 2
    assert (line["step"], line["status"]) == ("batch", "refused")
    assert "same id twin" in line["sentence"]


def test_the_progress_bar_says_rate_and_time_left(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("rich.progress.Task.elapsed", property(lambda task: 30.0))

    with console.show_progress(Language("en")) as move:
        move(Event("acme", "model", "done", 1.0, 4, 8))

    assert "acme" in stream.getvalue()
    assert "4/8" in stream.getvalue()
    assert "8 steps a minute" in stream.getvalue()
    assert "left:" in stream.getvalue()


def test_the_progress_bar_is_quiet_where_there_is_no_terminal(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)

    with console.show_progress(Language("en")) as move:
        move(Event("acme", "model", "done", 1.0, 4, 8))

    assert stream.getvalue() == ""


@pytest.mark.parametrize(("words", "said"), [
    (["--memory", "5"], "--memory"), (["--log-format", "xml"], "--log-format: choose one of text, json.")])
def test_run_refuses_settings_out_of_range(words, said, capsys):
    assert main(["run", DEMO, "--out", "o", *words]) == 2
    assert said in capsys.readouterr().err
