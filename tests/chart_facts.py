"""Tables and questions that the tests of the charts share."""

import itertools

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.text import Text

from salesmodel_kit.language import Language

FRENCH = Language("fr", "EUR")
ENGLISH = Language("en", "GBP")
#: Names that would break a chart which read them as mathematics, markup or a template.
HARD_NAMES = (
    "Laboratoires R$D & $ud", "Clinique_du_Val", "100 % Bio {santé}", "<b>Atlas</b>",
    "Établissements Lefèvre-Dubois international services et logistiq",
)


def texts_of(figure: Figure) -> list[str]:
    """Return every word that is visible, in drawing order."""
    return [text.get_text() for text in _visible(figure)]


def _visible(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


def assert_texts_apart(figure: Figure) -> None:
    """Fail when two texts overlap, or one leaves the figure."""
    figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()
    boxes = [(text.get_text(), Text.get_window_extent(text, renderer)) for text in _visible(figure)]
    page = figure.bbox
    for words, box in boxes:
        assert box.x0 >= page.x0 - 1, f"{words!r} leaves the figure at the left"
        assert box.x1 <= page.x1 + 1, f"{words!r} leaves the figure at the right"
        assert box.y0 >= page.y0 - 1, f"{words!r} leaves the figure below"
        assert box.y1 <= page.y1 + 1, f"{words!r} leaves the figure above"
    for (words, one), (others, other) in itertools.combinations(boxes, 2):
        across = min(one.x1, other.x1) - max(one.x0, other.x0)
        up = min(one.y1, other.y1) - max(one.y0, other.y0)
        assert not (across > 1.5 and up > 2.5), f"{words!r} and {others!r} overlap by {across:.0f} x {up:.0f} pixels"


def n_offsets(figure: Figure, gid: str) -> int:
    """Return how many points the collections of a kind have."""
    return sum(len(found.get_offsets()) for axes in figure.axes for found in axes.collections if found.get_gid() == gid)


def n_bars(figure: Figure, gid: str) -> int:
    """Return how many bars of a kind there are."""
    return sum(patch.get_gid() == gid for axes in figure.axes for patch in axes.patches)


def make_segments(n: int, *, seed: int = 1) -> pd.DataFrame:
    """Return segment scores as the chain gives them, posture by thirds."""
    rng = np.random.default_rng(seed)
    size, share = rng.lognormal(15.5, 0.9, n).round(), rng.beta(1.2, 9, n)
    up, across = rng.beta(4, 4, n), rng.beta(4, 4, n)
    thirds = np.searchsorted([1 / 3, 2 / 3], up) + np.searchsorted([1 / 3, 2 / 3], across)
    return pd.DataFrame({
        "segment": [f"s{i:02}" for i in range(n)],
        "label": [HARD_NAMES[i % 5] if i % 2 else f"Segment {i} of some length" for i in range(n)],
        "size_per_year": size, "sales_per_year": size * share, "market_share": share,
        "attractiveness": up, "competitive_strength": across,
        "posture": pd.Series(np.select([thirds >= 3, thirds == 2], ["invest", "select"], "harvest"), dtype="str"),
    })


def make_contributions(segments: pd.DataFrame, *, n_criteria: int = 4) -> pd.DataFrame:
    """Return contributions of equally weighted criteria on both axes of the matrix."""
    rng = np.random.default_rng(5)
    rows = [
        (segment, axis, f"c{i}", f"{HARD_NAMES[i % 5]} {i}", 1 / n_criteria, value, value / n_criteria)
        for axis in ("attractiveness", "competitive_strength") for segment in segments["segment"]
        for i, value in enumerate(rng.random(n_criteria))
    ]
    return pd.DataFrame(rows, columns=["segment", "axis", "criterion", "label", "weight", "value", "contribution"])


def make_scores(n: int, *, seed: int = 2) -> pd.DataFrame:
    """Return account scores; about one in thirty has a score, potential or sales missing."""
    rng = np.random.default_rng(seed)
    potential = rng.lognormal(10.2, 1.2, n).round(-2)
    scores = pd.DataFrame({
        "account": [f"{i:05}" for i in range(n)], "name": [f"{HARD_NAMES[i % 5][:54]} {i}" for i in range(n)],
        "segment": "s00", "potential_per_year": potential, "sales_per_year": (potential * rng.beta(1, 3, n)).round(),
        "potential_score": np.clip((np.log(potential) - 7) / 7, 0, 1), "win_score": rng.beta(4, 3, n),
    })
    scores["score"] = (scores["potential_score"] + scores["win_score"]) / 2
    scores.loc[3::30, ["win_score", "score"]] = np.nan
    scores.loc[4::30, "potential_per_year"] = np.nan
    scores.loc[5::30, "sales_per_year"] = np.nan
    for rank, column in (("rank_by_sales", "sales_per_year"), ("rank_by_value", "score")):
        scores[rank] = scores[column].rank(ascending=False, method="min").astype("Int64")
    scores["rank_change"] = scores["rank_by_sales"] - scores["rank_by_value"]
    return scores


def make_tiers(scores: pd.DataFrame) -> pd.DataFrame:
    """Return tiers: the best eighth gold, then up to two fifths silver."""
    tiers = scores[["account", "name", "segment", "score", "potential_per_year", "sales_per_year"]].copy()
    place = scores["score"].rank(ascending=False, pct=True)
    tier = np.select([place <= 0.125, place <= 0.4], ["gold", "silver"], "bronze")
    tiers["tier"] = pd.Series(tier, dtype="str", index=scores.index).mask(place.isna())
    return tiers


def make_tier_summary(tiers: pd.DataFrame) -> pd.DataFrame:
    """Return the summary of tiers with hours that are easy to check."""
    potential = tiers["potential_per_year"].sum()
    rows = []
    for tier, now, wanted in (("gold", 0.2, 0.5), ("silver", 0.2, 0.3), ("bronze", 0.6, 0.2)):
        group = tiers[tiers["tier"] == tier]
        rows.append({
            "tier": tier, "cutoff": group["score"].min(), "n_accounts": len(group),
            "potential_share": group["potential_per_year"].sum() / potential,
            "present_hours_per_year": 10_000 * now, "present_hours_share": now,
            "recommended_hours_per_year": 9_000 * wanted, "recommended_hours_share": wanted,
        })
    return pd.DataFrame(rows).astype({"n_accounts": "Int64"})


def make_reps(n: int) -> pd.DataFrame:
    """Return a rep summary: two thirds in the field, every third rep over capacity."""
    hours = np.array([1_100.0 if i % 3 == 0 else 800.0 for i in range(n)])
    return pd.DataFrame({
        "rep": [f"r{i}" for i in range(n)], "name": [f"{HARD_NAMES[i % 5][:50]} {i}" for i in range(n)],
        "role": ["field" if i < 2 * n / 3 else "inside" for i in range(n)], "selling_hours_per_year": 1_000.0,
        "hours_per_year": hours, "load": hours / 1_000,
        "n_accounts": pd.array([40 + i for i in range(n)], dtype="Int64"),
        "n_present_accounts": pd.array([50] * n, dtype="Int64"), "mean_distance_km": 31.4,
        "latitude": [43.5 + 0.4 * (i % 16) for i in range(n)], "longitude": [0.5 + 0.4 * (i % 13) for i in range(n)],
    })
