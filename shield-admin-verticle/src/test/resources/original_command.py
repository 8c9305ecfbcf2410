"""The command line of FAMILY in one process, as many would take long: says all commands and flags,
those about feature flags aside, and then runs each line of its input as what is typed after the
command's name. Its output is followed by the exit code, and every answer by a line of its own."""

import importlib
import shlex
import sys

import httpx
from typer.main import get_command
from typer.testing import CliRunner

unhurried = httpx.AsyncClient.__init__


def init(self, *arguments, **options):
    """A busy machine takes longer than the command waits."""
    unhurried(self, *arguments, **{**options, "timeout": 60})


httpx.AsyncClient.__init__ = init
cli = importlib.import_module(sys.argv[1] + ".cli.main").cli


def tell(command, name):
    if hasattr(command, "commands"):
        for word, below in command.commands.items():
            if word not in ("flags", "segments", "seg"):
                tell(below, name + [word])
    else:
        print(" ".join(name))
        for parameter in command.params:
            flags = parameter.opts + parameter.secondary_opts
            for flag in flags:
                if flag.startswith("-"):
                    print(" ".join(name + [flag]))


tell(get_command(cli), [])
print("---", flush=True)
runner = CliRunner()
for line in sys.stdin:
    result = runner.invoke(cli, shlex.split(line))
    print(result.output)
    print(result.exit_code)
    print("---", flush=True)
