"""No sentence exists in one language only; French is typeset as French."""

import html
import importlib.util
import re
import string

import pytest
from jinja2 import meta, nodes

from salesmodel_kit.language import Language, read_catalogue, set_type
from salesmodel_kit.narrative.telling import CHAPTERS, make_environment
from salesmodel_kit.resources import find_resource

#: Common words that are words of the one language and not of the other.
ENGLISH_WORDS = re.compile(
    r"\b(the|of|and|with|without|which|are|is|from|accounts?|hours?|years?|shares?|known|weights?|gold|silver|"
    r"reps?|sales|calls?|deals?|cannot|nothing|there|should)\b", flags=re.I)
FRENCH_WORDS = re.compile(
    r"\b(le|la|les|des|du|une|et|avec|sans|qui|sont|est|comptes?|heures?|ans|connus?|poids|argent|"
    r"commercial|commerciaux|ventes?|niveaux?|affaires?|rien|aucun)\b", flags=re.I)
#: What stays English everywhere: columns, files, commands, keys and a few names.
KEPT = re.compile(
    r"`[^`]*`|«[^»]*»|\{[^}]*\}|--?\w+|\w+\.(?:csv|yaml|jsonl|xlsx)|\w*_\w*|CSV UTF-8|\bSales Optimization\b|"
    r"\bSelling Power\b|\((?:benefit|cost|silver)\)|salesmodel (?:new|check|run)|posture: any|Code du travail")


@pytest.fixture(scope="module")
def extract():
    """Return the script that brings the catalogues up to date."""
    path = find_resource("templates", "locale", "extract.py")
    spec = importlib.util.spec_from_file_location("extract", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def list_facts(sentence):
    """Return the names of the places of a sentence, with the way each is written."""
    try:
        parsed = list(string.Formatter().parse(sentence))
    except ValueError:
        return None
    return sorted((name, spec, conversion or "") for _, name, spec, conversion in parsed if name is not None)


def list_pieces(language, chapter, kind):
    """Return the pieces of a template: its ``data`` (text) or its ``string`` literals."""
    environment = make_environment(Language(language))
    source = environment.loader.get_source(environment, f"{chapter}.j2")[0]
    return [value.strip("\"'") if kind == "string" else " ".join(f"|{value}|".split())[1:-1]
            for _, token, value in environment.lex(source) if token == kind]


def read_template_text(language, chapter):
    """Return the words that a template says itself, set as they will be; facts stand as an ellipsis.

    A literal that both languages have is a value to compare with, not a word.
    """
    values = set(list_pieces("en", chapter, "string")) & set(list_pieces("fr", chapter, "string"))
    words = [word for word in list_pieces(language, chapter, "string") if word not in values]
    text = "…".join(set_type(piece, language) for piece in [*list_pieces(language, chapter, "data"), *words])
    return html.unescape(re.sub(r"<code>.*?</code>|<[^>]*>", "", text))


def read_blocks(language, chapter):
    """Return block -> facts that it speaks of."""
    environment = make_environment(Language(language))
    tree = environment.parse(environment.loader.get_source(environment, f"{chapter}.j2")[0])
    bodies = {block.name: nodes.Template(block.body, lineno=1) for block in tree.find_all(nodes.Block)}
    return {name: meta.find_undeclared_variables(body.set_environment(environment)) for name, body in bodies.items()}


def test_catalogue_translates_every_sentence(extract):
    catalogue = extract.read_catalogue("fr")

    waiting = [sentence for sentence in extract.collect_sentences()
               if not (entry := catalogue.get(sentence)) or not entry.string.strip() or entry.fuzzy]

    assert waiting == [], "run templates/locale/extract.py and translate these"


def test_catalogue_holds_no_sentence_that_nobody_says(extract):
    said = extract.collect_sentences()

    left_over = [entry.id for entry in extract.read_catalogue("fr") if entry.id and entry.id not in said]

    assert left_over == [], "run templates/locale/extract.py"


def test_catalogue_keeps_the_facts_of_every_sentence(extract):
    entries = [entry for entry in extract.read_catalogue("fr") if entry.id and entry.string]

    differing = [entry.id for entry in entries
                 if list_facts(entry.id) is not None and list_facts(entry.id) != list_facts(entry.string)]

    assert differing == []


def test_catalogue_keeps_paragraphs_headings_and_line_ends(extract):
    def shape(text):
        return [re.match(r"#*", part).group() for part in text.split("\n\n")], text[-1:].isspace()

    differing = [entry.id for entry in extract.read_catalogue("fr")
                 if entry.id and shape(entry.id) != shape(entry.string)]

    assert differing == []


def test_scan_code_finds_what_is_said_and_nothing_else(extract):
    source = 'say(Message("One {n}", {}))\nlanguage.text("a" "b")\nprint("no")\nN_("two")\nlanguage.text(name)\n'

    assert sorted(extract.scan_code(source)) == ["One {n}", "ab", "two"]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_narrative_has_the_same_blocks_and_facts_in_both_languages(chapter):
    english, french = read_blocks("en", chapter), read_blocks("fr", chapter)

    assert english.keys() == french.keys()
    assert english == french


def test_narrative_has_the_same_files_in_both_languages():
    files = {language: sorted(path.name for path in find_resource("templates", "narrative", language).iterdir())
             for language in ("en", "fr")}

    assert files["en"] == files["fr"] == sorted(f"{chapter}.j2" for chapter in CHAPTERS)


def find_loose_spaces(text):
    """Return what French typography forbids: an ordinary space before high punctuation, a straight apostrophe."""
    text = re.sub(r"https?://\S+|«\u00a0[^»]*»", "", text)
    return re.findall(r".{0,9} [:;!?%»].{0,6}|.{0,9}« .{0,6}|.{0,6}'.{0,6}|.{0,9}\w[;!?].{0,6}|.{0,9}\w:(?= |$)", text)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_french_narrative_is_typeset(chapter):
    assert find_loose_spaces(read_template_text("fr", chapter)) == []


def test_french_catalogue_is_typeset():
    said = read_catalogue("fr").values()

    loose = {sentence: found for sentence in said if (found := find_loose_spaces(KEPT.sub("", sentence)))}

    assert loose == {}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_narrative_holds_no_word_of_the_other_language(chapter):
    assert ENGLISH_WORDS.findall(read_template_text("fr", chapter)) == []
    assert FRENCH_WORDS.findall(read_template_text("en", chapter)) == []


def test_catalogue_holds_no_word_of_the_other_language():
    catalogue = read_catalogue("fr")

    english = {said: found for said in catalogue.values() if (found := ENGLISH_WORDS.findall(KEPT.sub("", said)))}
    french = {key: found for key in catalogue if (found := FRENCH_WORDS.findall(KEPT.sub("", key)))}

    assert english == {}
    assert french == {}
