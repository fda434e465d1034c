"""How the command line explains itself: help and wrong use, in the user's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from salesmodel_kit.language import N_, Language

_HEADINGS = {"Options": N_("Options"), "Commands": N_("Commands")}


class Teller:
    """Makes commands whose help is in one language.

    Parameters
    ----------
    language : Language
        The user's.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self.debug = False

        class Context(click.Context):
            formatter_class = _make_formatter(language)

        self.context_class = Context

    def command(
        self, name: str, callback: Callable[..., int | None], help_text: str, params: Sequence[click.Parameter]
    ) -> click.Command:
        """Return a command with ``--help`` and ``--debug``."""
        command = click.Command(
            name,
            callback=callback,
            help=help_text,
            add_help_option=False,
            options_metavar=self.language.text("[OPTIONS]"),
            params=[*params, self.debug_option(), self.help_option()],
        )
        command.context_class = self.context_class
        return command

    def help_option(self) -> click.Option:
        """Return ``--help``."""
        return click.Option(
            ["--help", "-h"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_say_help,
            help=self.language.text("Show this help."),
        )

    def debug_option(self) -> click.Option:
        """Return ``--debug``."""

        def remember(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
            self.debug = self.debug or wanted

        return click.Option(
            ["--debug"],
            is_flag=True,
            expose_value=False,
            callback=remember,
            help=self.language.text("Show where an error comes from."),
        )


class PlainOption(click.Option):
    """An option whose help says only what we say, in the user's language."""

    def get_help_extra(self, ctx: click.Context) -> dict[str, object]:
        """Return nothing to add."""
        return {}


class Program(click.Group):
    """The ``salesmodel`` command with its commands."""

    def __init__(self, name: str, *, tell: Teller, params: Sequence[click.Parameter], **settings: object) -> None:
        options = [*params, tell.debug_option(), tell.help_option()]
        super().__init__(
            name,
            params=options,
            add_help_option=False,
            no_args_is_help=True,
            subcommand_metavar=tell.language.text("COMMAND ..."),
            options_metavar="",
            **settings,
        )
        self.context_class = tell.context_class


def _say_help(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        click.echo(context.get_help())
        context.exit()


def _make_formatter(language: Language) -> type[click.HelpFormatter]:
    class Formatter(click.HelpFormatter):
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, prefix=language.text("Usage: "))

        def write_heading(self, heading: str) -> None:
            super().write_heading(language.text(_HEADINGS.get(heading, heading)))

    return Formatter


def say_usage(error: click.UsageError, language: Language) -> str:
    """Return what is wrong with the arguments, and where to read on."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    command = error.ctx.command_path if error.ctx else "salesmodel"
    return f"{_say_mistake(error, language)}\n{language.text('See: {command} --help', command=command)}"


def _say_mistake(error: click.UsageError, language: Language) -> str:
    text = language.text
    if isinstance(error, click.exceptions.NoSuchCommand):
        return text("There is no command {name}.", name=error.command_name)
    if isinstance(error, click.NoSuchOption):
        return text("There is no option {name}.", name=error.option_name)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return text("{name} is missing.", name=_name_of(error.param))
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _say_bad_value(error.param, language)
    if isinstance(error, click.BadOptionUsage):
        return text("{name} needs a value.", name=error.option_name)
    return text("The arguments are not understood: {reason}", reason=error.format_message())


def _say_bad_value(parameter: click.Parameter, language: Language) -> str:
    name, kind = _name_of(parameter), parameter.type
    if isinstance(kind, click.Choice):
        return language.text("{name}: choose one of {choices}.", name=name, choices=", ".join(map(str, kind.choices)))
    return language.text("{name} takes a whole number from 1.", name=name)


def _name_of(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return parameter.metavar or str(parameter.name).upper()
