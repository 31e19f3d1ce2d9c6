"""The command line itself: global options, and refusals of any command turned into one line."""

from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from collab.cli.house import DEFAULT_INI, House, Refusal, in_words
from collab.core.errors import CollabError


class Command(click.Command):
    """A command that also takes `--json` and answers refusals of the house in one line."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.params.append(
            click.Option(
                ["--json"], is_flag=True, expose_value=False, callback=_as_json, help="Answer in JSON."
            )
        )

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; raise `Refusal` for what the house or the database refuses."""
        try:
            return super().invoke(ctx)
        except CollabError as error:
            raise Refusal(in_words(error)) from error
        except DBAPIError as error:
            raise Refusal(f"the database refused: {str(error.orig).splitlines()[0]}") from error


class Group(click.Group):
    """A group whose commands are ours."""

    command_class = Command
    group_class = type


def _as_json(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        ctx.ensure_object(House).as_json = True


@click.group(
    cls=Group,
    name="collab",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option(
    "-c",
    "--config",
    "ini",
    type=click.Path(path_type=Path),
    default=DEFAULT_INI,
    show_default=True,
    help="Settings file; COLLAB_DATA names another data folder.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.pass_context
def main(ctx: click.Context, ini: Path, as_json: bool) -> None:
    """Who owes what, by when, under which rule, and the proof.

    Exit code 0: done. 1: refused, with one line that says why. 2: wrong usage.
    """
    ctx.obj = house = House(ini, as_json)
    ctx.call_on_close(house.close)


def _gather() -> None:
    from collab.cli import commands

    for command in commands.ALL:
        main.add_command(command)


_gather()
