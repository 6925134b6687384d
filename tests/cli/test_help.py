"""Help teaches: every command has it, with what it does; mistakes are one line that points to it."""

import subprocess
import sys

import pytest

from broadsheet.cli import COMMANDS
from tests.cli.running import COMMAND, error_line, inside


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    run = inside(command, "--help")
    told = run.stdout.decode()
    assert run.returncode == 0
    assert told.startswith(f"Usage: broadsheet {command}")
    assert len(told.splitlines()) >= 8


def test_no_command_shows_all_commands() -> None:
    told = inside().stderr.decode()
    assert all(f"  {command} " in told for command in COMMANDS)


@pytest.mark.parametrize("arguments", [["nope"], ["--nope"], ["extract", "--nope"], ["settings", "surplus"]])
def test_mistakes_are_one_line_and_code_2(arguments: list[str]) -> None:
    run = inside(*arguments)
    assert run.returncode == 2
    assert "--help)" in error_line(run)


def test_help_loads_neither_faust_nor_the_core() -> None:
    asks = "import sys; from broadsheet.cli import main\ntry: main(['--help'])\nfinally: print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", asks], capture_output=True, check=False)
    assert run.returncode == 0
    assert not {b"faust", b"broadsheet.pipeline", b"aiokafka"} & set(run.stdout.split())


def test_fault_of_ours_is_one_line_too() -> None:
    breaks = COMMAND[2].replace("main()", "group").replace("import main; group", "import group, main")
    code = f"{breaks}\ngroup.commands = None\nimport click\n@click.command()\ndef bad(): raise KeyError('x')\n"
    code += "group.get_command = lambda *_: bad\nmain(['bad'])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert run.returncode == 70
    assert error_line(run) == "Error: KeyError: 'x'"
