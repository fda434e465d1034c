"""Chapter 4 of the chain, second part: where reps who have no home yet would sit best."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from salesmodel_kit.chain.first_hours import FirstHours
from salesmodel_kit.model.homes import HomePlan, find_unplaced, place_homes, settle_homes, share_homes
from salesmodel_kit.model.territories import count_visits, find_visited
from salesmodel_kit.model.travel import list_homes


@dataclass(frozen=True)
class Offices(FirstHours):
    """Chapter 4, second part: homes of the team."""

    @cached_property
    def home_plan(self) -> HomePlan | None:
        """Return the homes proposed; None where nobody is to be placed, or no account to be visited has a place."""
        waiting = self.reps.loc[find_unplaced(self.reps), "selling_hours_per_year"]
        if waiting.empty:
            return None
        effort = self.first_effort
        need = pd.DataFrame({"visits_per_year": count_visits(effort), "hours_per_year": effort["hours_per_year"]})
        homes = list_homes(self.reps[self.reps["selling_hours_per_year"] > 0])
        return place_homes(self.client.accounts, need.mul(find_visited(effort).astype(float), axis=0), homes,
                           hours=waiting.tolist(), detour_factor=self.assume("detour_factor"))

    @cached_property
    def home_proposals(self) -> pd.DataFrame | None:
        """Return the table ``home_proposals``; None where none is proposed."""
        return None if self.home_plan is None else share_homes(self.reps, self.home_plan)

    @cached_property
    def team(self) -> pd.DataFrame:
        """Return the reps, those who have no home yet at the proposed ones."""
        return settle_homes(self.reps, self.home_proposals)
