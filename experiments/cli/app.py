"""The commands, a file each: parse, call, print; nothing else. `experiments.cli.main` puts them together."""

import typer

app = typer.Typer(
    name="firstcontact", add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="First Contact: what happens to a professional network when profiles offer Message before Connect.",
)  # fmt: skip

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130  # exit statuses
