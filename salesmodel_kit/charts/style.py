"""The one look of all charts: ink on white, one accent, grey for the rest.

Tiers differ in hue, in lightness (for grey print and
colour-blind eyes) and in marker; a word stands beside them wherever they are
used. Charts are :class:`matplotlib.figure.Figure` objects, never pyplot, so
that they may be drawn beside widgets and in threads.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.figure import Figure
from PIL import Image

INK = "#1b2430"
GREY = "#59616b"
MID_GREY = "#949ba3"
LIGHT_GREY = "#cdd2d7"
PALE_GREY = "#eceef0"
WHITE = "#ffffff"
ACCENT = "#0b5c8a"
PALE_ACCENT = "#dce8f1"

#: Text sizes in points.
SMALL, BODY, STRONG = 8.5, 9.5, 10.5
#: Dots per inch of what is rasterised inside a vector picture.
RASTER_DPI = 160
#: A collection of more points than this is rasterised.
VECTOR_POINTS = 400

#: Source Sans has the narrow no-break space of French numbers; DejaVu stands in for rare signs.
FAMILIES: tuple[str, ...] = ("Source Sans Pro", "DejaVu Sans")
_FACES = ("SourceSansPro-Regular.ttf", "SourceSansPro-Bold.ttf")


@dataclass(frozen=True)
class Look:
    """How a tier is drawn.

    Parameters
    ----------
    fill : str
        Colour of the surface.
    edge : str
        Colour of the outline, at least 3:1 against white.
    marker : str
        Marker of matplotlib.
    """

    fill: str
    edge: str
    marker: str


TIER_LOOKS: Mapping[str, Look] = MappingProxyType({
    "platinum": Look("#bfe3e8", "#1f6572", "*"),
    "gold": Look("#e6b422", "#7a5a00", "o"),
    "silver": Look("#8b939c", "#4d545c", "s"),
    "bronze": Look("#8a4a1c", "#5a2d0d", "^"),
    "iron": Look("#2b2f36", "#14171b", "v"),
    "unknown": Look("#ffffff", "#8a9199", "D"),
})

STYLE: Mapping[str, object] = MappingProxyType({
    "font.family": list(FAMILIES), "font.size": BODY, "text.color": INK, "text.parse_math": False,
    "text.hinting": "none",
    "text.usetex": False, "axes.formatter.use_mathtext": False, "axes.labelcolor": GREY, "axes.labelsize": BODY,
    "axes.edgecolor": MID_GREY, "axes.linewidth": 0.6, "axes.spines.top": False, "axes.spines.right": False,
    "axes.axisbelow": True, "axes.unicode_minus": True, "axes.facecolor": "none", "axes.grid": False,
    "xtick.color": MID_GREY, "ytick.color": MID_GREY, "xtick.labelcolor": GREY, "ytick.labelcolor": GREY,
    "xtick.labelsize": SMALL + 0.5, "ytick.labelsize": SMALL + 0.5, "xtick.major.width": 0.6, "ytick.major.width": 0.6,
    "xtick.major.size": 3, "ytick.major.size": 3, "figure.facecolor": WHITE, "savefig.facecolor": WHITE,
    "savefig.bbox": None, "figure.dpi": 144, "lines.solid_capstyle": "round", "hatch.linewidth": 0.6,
    "svg.fonttype": "path", "svg.hashsalt": "salesmodel", "svg.image_inline": True, "path.simplify": True,
})


_PICTURE = re.compile(rb"(data:image/png;base64,\s*)([A-Za-z0-9+/=\s]+)")
_N_COLOURS = 64


@lru_cache(maxsize=1)
def register_fonts() -> tuple[str, ...]:
    """Make the faces of the charts known to matplotlib, once; return their file names."""
    folder = Path(str(files("font_source_sans_pro"))) / "files"
    for face in _FACES:
        font_manager.fontManager.addfont(folder / face)
    return _FACES


@contextmanager
def chart_style() -> Iterator[None]:
    """Draw in the kit's look, as a ``with`` block or as a decorator; the caller's settings come back after it.

    Text is never read as mathematics: a company called ``R$D`` is drawn as it
    is written.
    """
    register_fonts()
    with mpl.rc_context(dict(STYLE)):
        yield


def save_svg(figure: Figure) -> bytes:
    """Return a figure as SVG, the same bytes for the same figure.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        A chart of this package; it is not changed.

    Returns
    -------
    bytes
        Letters as outlines, so that it looks the same everywhere; dense
        collections of points as one picture inside; neither date nor program.
    """
    buffer = io.BytesIO()
    with chart_style():
        figure.savefig(buffer, format="svg", dpi=RASTER_DPI, metadata={"Date": None, "Creator": None},
                       backend="module://salesmodel_kit.charts.lettering")
    return _PICTURE.sub(lambda match: match[1] + _shrink_picture(match[2]), buffer.getvalue())


@lru_cache(maxsize=64)
def _shrink_picture(content: bytes) -> bytes:
    """Return an embedded picture with a palette of few colours: a quarter of its size, and the same to the eye.

    Small maps side by side have the same ground: it is shrunk once.
    """
    picture = Image.open(io.BytesIO(base64.b64decode(content)))
    buffer = io.BytesIO()
    picture.quantize(_N_COLOURS, method=Image.Quantize.FASTOCTREE).save(buffer, "png", optimize=True)
    return base64.b64encode(buffer.getvalue())
