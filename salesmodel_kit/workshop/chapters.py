"""The five chapters of the workshop's page: what each asks and shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.language import N_
from salesmodel_kit.workshop.panels import PANELS

if TYPE_CHECKING:
    from salesmodel_kit.reports.exhibits.page import Exhibit


@dataclass(frozen=True)
class Chapter:
    """One step of the page.

    Parameters
    ----------
    name : str
        Identifier.
    title, question : str
        Keys of the catalogue.
    exhibits : tuple of str
        What is shown below the panels, in this order: module and function of ``reports.exhibits``.
    panels : tuple of str
        Names of the panels that move the model here.
    """

    name: str
    title: str
    question: str
    exhibits: tuple[str, ...]
    panels: tuple[str, ...] = ()

    def find_exhibit(self, place: int) -> Callable[[SalesModel], Exhibit]:
        """Return what makes an exhibit of a model; what draws is loaded once there is something to draw."""
        module, name = self.exhibits[place].split(".")
        return getattr(import_module(f"salesmodel_kit.reports.exhibits.{module}"), name)


CHAPTERS: tuple[Chapter, ...] = (
    Chapter(
        "segments", N_("Market segments"), N_("Where do we want to play, and why would we win?"),
        ("segments.show_portfolio_matrix", "segments.show_segment_contributions", "segments.show_postures",
         "segments.decide_segments"),
        PANELS.get("01", ()),
    ),
    Chapter(
        "accounts", N_("Account scores"), N_("What makes an account worth our time?"),
        ("scores.show_value_map", "scores.show_rank_changes", "scores.show_top_accounts", "scores.decide_scores"),
        PANELS.get("02", ()),
    ),
    Chapter(
        "tiers", N_("Portfolio tiers"), N_("Which account gets which level of service?"),
        ("tiers.show_tier_table", "tiers.show_gold_accounts", "tiers.show_overrides", "tiers.decide_tiers"),
        PANELS.get("03", ()),
    ),
    Chapter(
        "allocation", N_("Sales-force allocation"),
        N_("Who looks after whom, how often, and is the team the right size?"),
        ("allocation.show_hours_by_tier", "allocation.show_rep_loads", "allocation.show_reps_needed",
         "sizes.show_sizes", "allocation.show_territory_map", "allocation.decide_allocation"),
        PANELS.get("04", ()),
    ),
    Chapter(
        "board", N_("Client report"), N_("What do we decide on Monday?"),
        ("board.show_board_value", "board.show_board_effort", "board.show_board_people", "board.show_unknowns"),
    ),
)
