"""What every notebook would do first, done once in the process that notebooks are forked from."""

from __future__ import annotations

from salesmodel_kit.charts.layout import make_figure
from salesmodel_kit.charts.style import chart_style, save_svg
from salesmodel_kit.language import LANGUAGES, read_catalogue
from salesmodel_kit.narrative.telling import compile_chapters


def warm_up() -> None:
    """Compile the chapters, read the catalogues, open the faces of the charts; nothing of it hangs on a client."""
    compile_chapters()
    for language in LANGUAGES:
        read_catalogue(language)
    with chart_style():
        figure, _ = make_figure(1.0, notes=["0"])
    save_svg(figure)
