"""The effort panel: how often to call and how many hours there are, against what that asks for."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.live_bars import Bar, draw_live_bars
from salesmodel_kit.charts.words import channel_word, posture_word, role_word, tier_word
from salesmodel_kit.client.profile import CallNorm
from salesmodel_kit.language import N_
from salesmodel_kit.tables import ROLES
from salesmodel_kit.workshop.base import WIDE, Panel, make_button, make_grid, make_row
from salesmodel_kit.workshop.typed import make_number_field, read_typed, write_typed
from salesmodel_kit.workshop.words import mark_tier, note_first_ways, render_table

_MOST_CALLS, _MOST_HOURS = 260, 4000
_HEADS = (N_("Tier"), N_("Accounts"), N_("Hours today"), N_("Hours asked per year"), N_("Planned hours"))


class EffortPanel(Panel):
    """Call norms by tier, hours of the reps, reps who come and go; load against capacity by role."""

    title = N_("How often we call, and who has the hours")
    kinds = ("set_call_norms", "set_selling_hours", "add_rep", "remove_rep")

    def _build(self) -> list[widgets.Widget]:
        text = self.room.language.text
        self.norms: list[tuple[widgets.Widget, ...]] = []
        self._keys: tuple[object, ...] = ()
        self.grid = make_grid([], "max-content max-content max-content")
        self.rep = widgets.Dropdown(options=[], description=text(N_("Rep")), style=WIDE, layout={"width": "24em"})
        self.hours = make_number_field(text(N_("Selling hours per year")), "20em")
        self.leaves = make_button(text(N_("This rep leaves")), "user-times")
        self.name = widgets.Text(description=text(N_("New rep")), style=WIDE, layout={"width": "20em"})
        roles = [(role_word(role, self.room.language), role) for role in ROLES]
        self.role = widgets.Dropdown(options=roles, description=text(N_("Role")), style=WIDE)
        self.joins = make_button(text(N_("This rep joins")), "user-plus")
        self.picture, self.table = widgets.HTML(layout={"max_width": "1150px"}), widgets.HTML()
        self.rep.observe(self._on_rep, names="value")
        self.hours.observe(self._on_hours, names="value")
        self.leaves.on_click(lambda _: self.attempt("remove_rep", self.rep.value, "") if self.rep.value else None)
        self.joins.on_click(lambda _: self._add_rep())
        return [self.grid, make_row(self.rep, self.hours, self.leaves),
                make_row(self.name, self.role, self.joins), self.picture, self.table]

    def _lay_out_norms(self, model: SalesModel) -> None:
        """Make a row for each call norm; another strategy may have others."""
        keys = tuple(_key(norm) for norm in model.strategy.call_norms)
        if set(keys) != set(self._keys):
            self._keys = keys
            self.norms = [self._make_norm(at, norm) for at, norm in enumerate(model.strategy.call_norms)]
            self.grid.children = tuple(cell for norm in self.norms for cell in norm)

    def _make_norm(self, at: int, norm: CallNorm) -> tuple[widgets.Widget, ...]:
        language, text = self.room.language, self.room.language.text
        posture = text(N_("any posture")) if norm.posture == "any" else posture_word(norm.posture, language)
        parts = [tier_word(norm.tier, language), posture]
        parts += [self._name_segment(norm.segment)] if norm.segment != "any" else []
        parts += [text(N_("customers") if norm.standing == "customer" else N_("prospects"))
                  ] if norm.standing != "any" else []
        calls = make_number_field(text(N_("calls per year")), "15em")
        channels = [(channel_word(channel, language), channel) for channel in self.room.model.strategy.channels]
        channel = widgets.Dropdown(options=channels, layout={"width": "14em"})
        calls.observe(lambda change: self._on_number(calls, _MOST_CALLS, lambda number: self._on_norm(
            at, calls_per_year=number)), names="value")
        channel.observe(lambda change: self._on_norm(at, channel=change["new"]), names="value")
        return widgets.Label(", ".join(parts)), calls, channel

    def _name_segment(self, segment: str) -> str:
        labels = self.room.decided.client.segments.set_index("segment")["label"]
        return str(labels.get(segment, segment))

    def _on_norm(self, at: int, **change: object) -> None:
        if self._is_setting:
            return
        present = self._match_norms(self.room.model)
        changed = tuple(norm.model_copy(update=change) if place == at else norm for place, norm in enumerate(present)
                        if norm.tier == present[at].tier)
        self.attempt("set_call_norms", present[at].tier, changed)

    def _match_norms(self, model: SalesModel) -> list[CallNorm]:
        """Return the norms of a model in the order of their rows; a change may have put them otherwise."""
        present = {_key(norm): norm for norm in model.strategy.call_norms}
        return [present[key] for key in self._keys]

    def _on_rep(self, _: object) -> None:
        if not self._is_setting:
            self.redraw()

    def _on_hours(self, _: object) -> None:
        if self.rep.value:
            self._on_number(self.hours, _MOST_HOURS, lambda number: self.attempt(
                "set_selling_hours", self.rep.value, number))

    def _on_number(self, control: widgets.Text, most: float, take: Callable[[float], None]) -> None:
        """Take a number that was typed, or refuse one that no year holds."""
        if self._is_setting:
            return
        language = self.room.language
        number = None if "%" in control.value else read_typed(control.value, language=language)
        if number is not None and 0 <= number <= most:
            take(number)
            return
        self.refuse(language.text(N_("{place}: {value} cannot be. {remedy}"), place=control.description,
                                  value=language.quote(control.value.strip()),
                                  remedy=language.text(N_("A number from 0 to {most}."), most=language.number(most))))

    def _add_rep(self) -> None:
        name = self.name.value.strip()
        if not name:
            self.say(self.room.language.text(N_("A new rep needs a name; write it beside the button.")))
            return
        taken = set(self.room.model.client.reps["rep"])
        number = next(number for number in range(1, len(taken) + 2) if f"new-{number}" not in taken)
        self.attempt("add_rep", f"new-{number}", {"name": name, "role": self.role.value})
        if not self._is_refused:
            self.name.value = ""

    def _show_model(self, model: SalesModel) -> None:
        self._lay_out_norms(model)
        for norm, (_, calls, channel) in zip(self._match_norms(model), self.norms, strict=True):
            calls.value, channel.value = write_typed(norm.calls_per_year, language=model.language), norm.channel
        self._show_reps(model)
        language = model.language
        self.picture.value = draw_live_bars(
            [self._make_bar(row, model) for row in model.first_role_summary.itertuples()],
            alt=language.text(N_("Hours that the norms ask for, against the hours of the team, by role")),
        )
        rows = [
            (mark_tier(row.tier, language), language.number(row.n_accounts), language.hours(row.present_hours_per_year),
             language.hours(row.workload_hours_per_year), language.hours(row.recommended_hours_per_year))
            for row in model.first_tier_summary.itertuples()
        ]
        self.table.value = render_table([language.text(word) for word in _HEADS], rows) + note_first_ways(model)

    def _show_reps(self, model: SalesModel) -> None:
        staying = model.reps[~model.reps["leaving"].fillna(False).astype(bool)]
        options = [(f"{row['name']} ({role_word(row['role'], model.language)})", row["rep"])
                   for _, row in staying.iterrows()]
        chosen = self.rep.value
        if tuple(options) != tuple(self.rep.options):
            self.rep.options = options
            self.rep.value = chosen if chosen in set(staying["rep"]) else next(iter(staying["rep"]), None)
        hours = staying.loc[staying["rep"] == self.rep.value, "selling_hours_per_year"]
        self.hours.value = "".join(write_typed(round(float(known), 2), language=model.language) for known in hours)
        self.hours.disabled = self.leaves.disabled = self.rep.value is None

    def _make_bar(self, row: tuple, model: SalesModel) -> Bar:
        language = model.language
        said = language.text(N_("{needed} people asked for, {there} there"),
                             needed=language.number(row.n_reps_needed, 1), there=language.number(row.n_reps))
        return Bar(role_word(row.role, language), float(row.workload_hours_per_year), said,
                   limit=float(row.selling_hours_per_year))

    def _clear(self) -> None:
        self.picture.value = self.table.value = ""

    def _tell_ground(self, model: SalesModel) -> tuple[str, str]:
        text, (basis, source) = model.language.text, self.room.decided.norm_sources["call_norms"]
        if any(kind == "set_call_norms" for kind, _ in self.room.tried):
            basis, source = "judged", text(N_("being tried"))
        hours = model.client.reps["selling_hours_per_year"]
        n_unknown = int(hours.isna().sum())
        said = text(N_("Norms: {source}."), source=source)
        if not len(hours):
            return basis, f"{said} {text(N_('There are no reps: hours are asked for, and nobody has them.'))}"
        if n_unknown:
            said += " " + text(N_("Hours of {n} of {all} reps are assumed, not measured."), n=n_unknown, all=len(hours))
        return basis, said


def _key(norm: CallNorm) -> tuple[object, ...]:
    return tuple(value for name, value in norm.model_dump().items() if name not in ("channel", "calls_per_year"))
