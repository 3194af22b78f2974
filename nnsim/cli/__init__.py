"""The commands without a window: new, train, trace, export, import and check."""

import argparse
from collections.abc import Callable, Sequence

from nnsim.cli.arguments import parser
from nnsim.cli.commands import COMMANDS
from nnsim.cli.terminal import (
    BAD,
    DONE,
    INTERRUPTED,
    accept_every_character,
    complain,
    discard_output,
    finish_output,
)
from nnsim.errors import NnsimError
from nnsim.tracing.trace import Trace

__all__ = ["BAD", "COMMANDS", "complain", "is_command", "main"]


def is_command(word: str) -> bool:
    """Whether a first word on the command line is for `main` and not the name of a file."""
    return word in COMMANDS or (word.startswith("-") and word != "--self-test")


def main(argv: Sequence[str], pdf: Callable[[Trace], bytes]) -> int:
    """Run one command and return its exit code: 0 done, 1 differs or stopped, 2 bad input.

    pdf: paints a step, which no command can do without Qt. Whatever is wrong with the input becomes
    one sentence on stderr.
    """
    accept_every_character()
    try:
        code = _run(argv, pdf)
        finish_output()
        return code
    except NnsimError as error:
        complain(str(error))
        return BAD
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever read the output has seen enough
        discard_output()
        return DONE
    except OSError as error:
        discard_output()
        complain(f"The output cannot be written: {(error.strerror or str(error)).lower()}.")
        return BAD


def _run(argv: Sequence[str], pdf: Callable[[Trace], bytes]) -> int:
    try:
        chosen = parser().parse_args(argv, argparse.Namespace(pdf=pdf))
    except SystemExit:  # --help and --version have printed what was asked for
        return DONE
    return COMMANDS[chosen.command](chosen)
