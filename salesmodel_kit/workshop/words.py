"""Headings, tables and notes of the panels, as HTML that is read from the back of a room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.live import find_look
from salesmodel_kit.charts.style import ACCENT, GREY, INK, LIGHT_GREY, MID_GREY, PALE_ACCENT
from salesmodel_kit.charts.words import tier_word
from salesmodel_kit.language import N_, Language

_BASES = {
    "measured": N_("Measured"), "judged": N_("Judged"), "assumed": N_("Assumed"), "undeclared": N_("Not declared"),
    "mixed": N_("Mixed"),
}
PANEL_STYLE = f"""<style>
.smk-panel {{ border-left: 4px solid {ACCENT}; padding: 0.4em 1em; margin: 0.5em 0; color: {INK}; max-width: 1500px;
  overflow: visible; }}
.smk-panel .jupyter-widgets, .smk-panel .widget-label, .smk-panel label, .smk-panel input, .smk-panel select,
.smk-panel button, .smk-panel .widget-readout, .smk-panel .widget-html-content {{ font-size: 19px !important;
  line-height: 1.35; height: auto; }}
.smk-panel input[type=text], .smk-panel input[type=number], .smk-panel select {{ padding: 0.2em 0.4em; }}
.smk-panel button {{ padding: 0.3em 0.9em; min-height: 2.2em; }}
.smk-panel .widget-readout {{ min-width: 4em; }}
.smk-panel .widget-inline-hbox, .smk-panel .widget-hslider {{ height: auto; min-height: 2.2em; align-items: center; }}
.smk-panel .widget-hslider .widget-label {{ text-align: left; }}
.smk-panel .widget-slider .noUi-handle {{ width: 24px; height: 24px; right: -12px; top: -10px; border-radius: 50%;
  border: 2px solid {ACCENT}; }}
.smk-panel button:focus-visible, .smk-panel input:focus-visible, .smk-panel select:focus-visible,
.smk-panel .noUi-handle:focus-visible {{ outline: 3px solid {ACCENT}; outline-offset: 2px; }}
.smk-panel table {{ border-collapse: collapse; font-size: 21px; }}
.smk-panel th, .smk-panel td {{ padding: 0.22em 0.8em; text-align: right; border-bottom: 1px solid {LIGHT_GREY};
  font-variant-numeric: tabular-nums; }}
.smk-panel th {{ font-weight: 600; color: {GREY}; font-size: 17px; }}
.smk-panel th[scope=row] {{ color: {INK}; font-size: 21px; }}
.smk-panel .smk-words {{ text-align: left; }}
.smk-panel h3 {{ font-size: 25px; margin: 0.1em 0; }}
.smk-chip {{ border-radius: 0.9em; padding: 0.05em 0.7em; background: {PALE_ACCENT}; color: {INK}; font-size: 17px; }}
.smk-tried {{ background: {ACCENT}; color: #ffffff; }}
.smk-sure {{ color: {GREY}; font-size: 18px; }}
.smk-said {{ font-size: 20px; min-height: 1.4em; margin: 0.2em 0; }}
.smk-note {{ background: #fdf3d6; border: 1px solid #7a5a00; padding: 0.3em 0.7em; font-size: 19px; margin: 0; }}
.smk-computing {{ cursor: progress; }}
.smk-waiting svg, .smk-waiting table {{ opacity: 0.25; }}
.smk-waiting h3 .smk-wait {{ display: inline; }}
.smk-wait {{ display: none; color: {MID_GREY}; font-weight: 400; font-size: 19px; }}
</style>"""


def render_ground(language: Language, *, title: str, basis: str, sentence: str, is_tried: bool) -> str:
    """Return the heading of a panel: its title, whether it shows what is only tried, its basis, how sure it is.

    Parameters
    ----------
    language : Language
        The client's.
    title : str
        In the client's language.
    basis : str
        ``measured``, ``judged``, ``assumed``, ``undeclared``, ``mixed``, or empty.
    sentence : str
        How sure the numbers are.
    is_tried : bool
        Whether something is tried that nobody recorded.
    """
    state = language.text(N_("Being tried, not recorded")) if is_tried else language.text(N_("As decided"))
    chip = Markup("<span class='smk-chip{}'>{}</span>").format(" smk-tried" if is_tried else "", state)
    ground = Markup(" <span class='smk-chip'>{}</span>").format(language.text(_BASES[basis])) if basis else ""
    wait = Markup("<span class='smk-wait'> {}</span>").format(language.text(N_("being recomputed…")))
    return str(Markup("<h3>{}{}</h3><div>{}{} <span class='smk-sure'>{}</span></div>").format(
        title, wait, chip, ground, sentence))


def render_note(sentence: str) -> str:
    """Return a note that calls for attention; nothing of nothing."""
    return str(Markup("<p role='alert' class='smk-note'>{}</p>").format(sentence)) if sentence else ""


def render_table(heads: Sequence[str], rows: Iterable[Sequence[object]], *, n_words: int = 1) -> str:
    """Return a table whose first column names its rows.

    Parameters
    ----------
    heads : sequence of str
        In the client's language.
    rows : iterable of sequence
        Written cells; text is escaped, ``Markup`` is not.
    n_words : int
        So many columns at the left hold words, the others numbers.
    """
    sides = [Markup(" class='smk-words'") if at < n_words else Markup("") for at in range(len(heads))]
    head = Markup("").join(
        Markup("<th scope='col'{}>{}</th>").format(side, word) for side, word in zip(sides, heads, strict=True))
    body = Markup("").join(
        Markup("<tr><th scope='row' class='smk-words'>{}</th>{}</tr>").format(
            cells[0], Markup("").join(
                Markup("<td{}>{}</td>").format(side, cell) for side, cell in zip(sides[1:], cells[1:], strict=True))
        )
        for cells in rows
    )
    return str(Markup("<table><tr>{}</tr>{}</table>").format(head, body))


def note_first_ways(model: SalesModel) -> str:
    """Return what hours on a slider leave out: who is given the account; nothing where hours do not depend on it.

    Parameters
    ----------
    model : SalesModel
        Of the client.
    """
    if model.travel_rules.speed_kmh is None:
        return ""
    said = model.language.text(N_("Hours here count the way from the nearest home; the plan counts it from the rep "
                                  "who is given the account."))
    return str(Markup("<p>{}</p>").format(said))


def mark_tier(tier: str, language: Language) -> Markup:
    """Return a tier's word with a patch of its color before it."""
    look = find_look(tier)
    patch = Markup("<span style='display:inline-block;width:0.7em;height:0.7em;background:{};border:1.5px solid {}'>"
                   "</span> {}")
    return patch.format(look.fill, look.edge, tier_word(tier, language))
