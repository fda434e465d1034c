"""Words as outlines in a picture, each set once per process: charts of a report repeat their words.

matplotlib sets a word anew each time that it is measured and each time that it is drawn,
which is a third of what a chart costs. The bytes of the picture are those of matplotlib's own SVG.
"""

from __future__ import annotations

import io
from collections.abc import Hashable, Mapping
from typing import Any, BinaryIO

from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.textpath import TextToPath

#: Words that are remembered; a process that has set more begins anew.
_MOST = 20_000
_POINTS = 72


class Lettering(TextToPath):
    """Sets words and remembers how: sizes and outlines are numbers, so that a forked process may have them too."""

    def __init__(self) -> None:
        super().__init__()
        self._sizes: dict[Hashable, tuple[float, float, float]] = {}
        self._places: dict[Hashable, list[tuple[Any, ...]]] = {}
        self._outlines: dict[str, tuple[Any, Any]] = {}

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: bool | str
    ) -> tuple[float, float, float]:
        """Return width, height and descent of a line in points."""
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        key = (s, hash(prop))  # equal hashes are equal properties: matplotlib compares them so
        found = self._sizes.get(key)
        if found is None:
            found = _make_room(self._sizes)[key] = super().get_text_width_height_descent(s, prop, ismath)
        return found

    def get_glyphs_with_font(
        self, font: FT2Font, s: str, glyph_map: Mapping[str, Any] | None = None, return_new_glyphs_only: bool = False,
        **settings: object,
    ) -> tuple[list[tuple[Any, ...]], dict[str, Any], list[Any]]:
        """Return the place of each letter of a line, the outlines of its letters, and no rectangles."""
        key = (s, font.fname, *settings.values())
        places = self._places.get(key)
        if places is None:
            places, _, _ = super().get_glyphs_with_font(font, s, self._outlines, **settings)
            _make_room(self._places)[key] = places
        known = {} if glyph_map is None else glyph_map
        new = {name: self._outlines[name] for name, *_ in places if name not in known}
        return places, new if return_new_glyphs_only else {**known, **new}, []


def _make_room(kept: dict[Hashable, Any]) -> dict[Hashable, Any]:
    if len(kept) >= _MOST:
        kept.clear()
    return kept


#: The one that measures and draws.
LETTERING = Lettering()


class FigureCanvas(FigureCanvasSVG):
    """matplotlib's canvas for SVG, with words set by :data:`LETTERING`."""

    def print_svg(
        self, filename: BinaryIO, *, metadata: Mapping[str, object] | None = None, bbox_inches_restore: object = None,
        **settings: object,
    ) -> None:
        """Draw the figure into a binary stream; matplotlib has put the other settings in force."""
        figure, text = self.figure, io.StringIO()
        raster_dpi, figure.dpi = figure.dpi, _POINTS
        width, height = figure.get_size_inches()
        vector = RendererSVG(width * _POINTS, height * _POINTS, text, image_dpi=raster_dpi, metadata=metadata)
        vector._text2path = LETTERING
        mixed = MixedModeRenderer(figure, width, height, raster_dpi, vector, bbox_inches_restore=bbox_inches_restore)
        figure.draw(mixed)
        mixed.finalize()
        filename.write(text.getvalue().encode())
