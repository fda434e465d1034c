"""Sales model workshop kit: from market segments to a tiered portfolio and a sales-force plan.

The public names, in the order of the chain. They are imported on first use, so
that the command line answers at once.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

_HOMES = {
    "new_client": "client.folder",
    "open_client": "client.folder",
    "import_files": "client.imports",
    "build_model": "chain",
    "open_model": "chain",
    "compute_values": "model.criteria",
    "weigh_criteria": "model.weights",
    "score_segments": "model.segments",
    "explain_segments": "model.segments",
    "choose_postures": "model.segments",
    "derive_performances": "model.scores",
    "score_accounts": "model.scores",
    "explain_accounts": "model.scores",
    "find_natural_breaks": "model.natural_breaks",
    "find_level_cutoffs": "model.tier_rules",
    "find_cutoffs": "model.tiers",
    "assign_tiers": "model.tiers",
    "summarize_tiers": "model.tiers",
    "draw_weightings": "model.draws",
    "assess_robustness": "model.robustness",
    "rank_robustness": "model.robustness",
    "measure_influence": "model.robustness",
    "compare_win_rates": "model.outcomes",
    "plan_effort": "model.workload",
    "summarize_roles": "model.workload",
    "assign_accounts": "model.territories",
    "summarize_reps": "model.territories",
    "plan_calls": "model.calls",
    "compare_models": "comparison",
}

__all__ = [*_HOMES]


def __getattr__(name: str) -> object:
    """Return a public name, importing the module that defines it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted([*__all__, "__version__"])
