"""The five chapters of the workshop's page: what each asks and shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.language import N_
from salesmodel_kit.reports.exhibits.allocation import (
    decide_allocation,
    show_hours_by_tier,
    show_rep_loads,
    show_reps_needed,
    show_territory_map,
)
from salesmodel_kit.reports.exhibits.board import (
    show_board_effort,
    show_board_people,
    show_board_value,
    show_unknowns,
)
from salesmodel_kit.reports.exhibits.page import Exhibit
from salesmodel_kit.reports.exhibits.scores import (
    decide_scores,
    show_rank_changes,
    show_top_accounts,
    show_value_map,
)
from salesmodel_kit.reports.exhibits.segments import (
    decide_segments,
    show_portfolio_matrix,
    show_postures,
    show_segment_contributions,
)
from salesmodel_kit.reports.exhibits.sizes import show_sizes
from salesmodel_kit.reports.exhibits.tiers import (
    decide_tiers,
    show_gold_accounts,
    show_overrides,
    show_tier_table,
)
from salesmodel_kit.workshop.panels import PANELS


@dataclass(frozen=True)
class Chapter:
    """One step of the page.

    Parameters
    ----------
    name : str
        Identifier.
    title, question : str
        Keys of the catalogue.
    exhibits : tuple of callable
        What is shown below the panels, in this order; each takes the model.
    panels : tuple of str
        Names of the panels that move the model here.
    """

    name: str
    title: str
    question: str
    exhibits: tuple[Callable[[SalesModel], Exhibit], ...]
    panels: tuple[str, ...] = ()


CHAPTERS: tuple[Chapter, ...] = (
    Chapter(
        "segments", N_("Market segments"), N_("Where do we want to play, and why would we win?"),
        (show_portfolio_matrix, show_segment_contributions, show_postures, decide_segments),
        PANELS.get("01", ()),
    ),
    Chapter(
        "accounts", N_("Account scores"), N_("What makes an account worth our time?"),
        (show_value_map, show_rank_changes, show_top_accounts, decide_scores),
        PANELS.get("02", ()),
    ),
    Chapter(
        "tiers", N_("Portfolio tiers"), N_("Which account gets which level of service?"),
        (show_tier_table, show_gold_accounts, show_overrides, decide_tiers),
        PANELS.get("03", ()),
    ),
    Chapter(
        "allocation", N_("Sales-force allocation"),
        N_("Who looks after whom, how often, and is the team the right size?"),
        (show_hours_by_tier, show_rep_loads, show_reps_needed, show_sizes, show_territory_map, decide_allocation),
        PANELS.get("04", ()),
    ),
    Chapter(
        "board", N_("Client report"), N_("What do we decide on Monday?"),
        (show_board_value, show_board_effort, show_board_people, show_unknowns),
    ),
)
