"""Run the benchmarks, print a table, write `benchmarks/results.json`.

`python -m benchmarks.run` runs all of them, `python -m benchmarks.run NAME...` some.
The exit code is 1 when a ratio is above its limit; a peer that is not installed is said and left out.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import (
    app,
    batch,
    call_plan,
    commands,
    effort,
    explanations,
    robustness,
    scores,
    territories,
    votes,
    workshop,
)
from benchmarks.measure import MissingPeer, Result

BENCHMARKS: dict[str, Callable[[], Result]] = {
    "help": commands.measure_help,
    "check": commands.measure_check,
    "report": commands.measure_report,
    "report-against-papermill": commands.measure_report_against_papermill,
    "second-demo": commands.measure_second_demo,
    "app-start": app.measure_app_start,
    "batch-against-papermill": batch.measure_batch_against_papermill,
    "batch-against-ploomber": batch.measure_batch_against_ploomber,
    "batch-against-bound": batch.measure_batch_against_bound,
    "workers": batch.measure_workers,
    "unchanged-batch": batch.measure_unchanged_batch,
    "memory-of-caller": batch.measure_memory_of_caller,
    "memory-of-child": batch.measure_memory_of_child,
    "scores-and-tiers": scores.measure_scores_and_tiers,
    "scores-and-tiers-memory": scores.measure_scores_and_tiers_memory,
    "split-effort-8-products": effort.measure_few_units,
    "split-effort-500-units": effort.measure_many_units,
    "split-effort-curve": effort.measure_curve,
    "split-effort-against-slsqp": effort.measure_slsqp,
    "sum-values": scores.measure_sum_against_product,
    "sum-values-against-scikit-criteria": scores.measure_scikit_criteria,
    "smaa": robustness.measure_smaa,
    "robustness": robustness.measure_robustness,
    "territories": territories.measure_against_program,
    "territories-gap": territories.measure_gap,
    "territories-relaxation": territories.measure_against_relaxation,
    "territories-relaxation-gap": territories.measure_relaxation_gap,
    "territories-curve": territories.measure_curve,
    "territories-large": territories.measure_large,
    "territories-large-gap": territories.measure_large_gap,
    "territories-large-memory": territories.measure_large_memory,
    "call-plan": call_plan.measure_call_plan,
    "workshop-cut": workshop.measure_recompute_cut,
    "workshop-weight": workshop.measure_recompute_weight,
    "workshop-screen": workshop.measure_screen,
    "workshop-screen-p95": workshop.measure_screen_slowest,
    "workshop-screen-20000-p95": workshop.measure_screen_large,
    "contributions": explanations.measure_contributions,
    "votes": votes.measure_votes,
}
RESULTS = Path(__file__).with_name("results.json")


def main(names: Sequence[str]) -> int:
    """Run the named benchmarks, or all; return 0 when every limit holds, 1 when not, 2 for an unknown name."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"No benchmark is called {unknown[0]}; there are: {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    results = []
    print(f"{'benchmark':36}{'ratio':>8}{'min':>8}{'max':>8}{'limit':>7}  holds  against")
    for name in names or BENCHMARKS:
        try:
            result = BENCHMARKS[name]()
        except MissingPeer as missing:
            print(f"{name:36}{missing}", flush=True)
            continue
        results.append(result)
        print(
            f"{result.name:36}{result.ratio:8.2f}{result.ratio_min:8.2f}{result.ratio_max:8.2f}{result.limit:7.1f}"
            f"  {'yes' if result.holds else 'NO':5}  {result.against}; {result.size}",
            flush=True,
        )
    if not names:
        write_results(results, RESULTS)
    return 0 if all(result.holds for result in results) else 1


def write_results(results: Sequence[Result], path: Path) -> None:
    """Write the results as JSON, whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps([result.to_record() for result in results], indent=2) + "\n", encoding="utf-8")
    os.replace(part, path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
