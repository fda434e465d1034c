"""A criterion's value function, small enough to stand in a table."""

from __future__ import annotations

from collections.abc import Sequence

from salesmodel_kit.charts.style import ACCENT, LIGHT_GREY

_WIDTH, _HEIGHT, _EDGE = 72, 20, 2


def draw_value_curve(points: Sequence[tuple[float, float]], *, steps: bool) -> bytes:
    """Return a value function as a small picture: performance from low to high, value from 0 to 1.

    Parameters
    ----------
    points : sequence of (float, float)
        Performance, increasing, and value, 0-1; straight lines between them.
    steps : bool
        A bar for each point instead of a line, for categories.

    Returns
    -------
    bytes
        SVG, the same for the same points.

    Examples
    --------
    >>> draw_value_curve([(0.0, 0.0), (10.0, 1.0)], steps=False).startswith(b"<?xml")
    True
    """
    low, high = points[0][0], points[-1][0]
    across = (_WIDTH - 2 * _EDGE) / ((high - low) or 1.0)
    places = [(_EDGE + (at - low) * across, _HEIGHT - _EDGE - value * (_HEIGHT - 2 * _EDGE)) for at, value in points]
    drawn = _draw_bars([y for _, y in places]) if steps else (
        '<polyline fill="none" stroke="{}" stroke-width="1.6" stroke-linejoin="round" points="{}"/>'.format(
            ACCENT, " ".join(f"{x:.1f},{y:.1f}" for x, y in places)))
    foot = _HEIGHT - _EDGE / 2
    return (f'<?xml version="1.0" encoding="utf-8"?><svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" '
            f'height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}"><path stroke="{LIGHT_GREY}" '
            f'd="M0 {foot:g}H{_WIDTH}"/>{drawn}</svg>').encode()


def _draw_bars(tops: Sequence[float]) -> str:
    step = (_WIDTH - 2 * _EDGE) / len(tops)
    return "".join(
        f'<rect x="{_EDGE + at * step:.1f}" y="{top:.1f}" width="{0.7 * step:.1f}" '
        f'height="{_HEIGHT - _EDGE - top:.1f}" fill="{ACCENT}"/>' for at, top in enumerate(tops))
