"""What may be typed after `nnsim`: the commands, their options and their help."""

import argparse
from collections.abc import Callable
from typing import Any, NoReturn

import nnsim
from nnsim.cli.setting_options import ONLY_NEW, add_settings
from nnsim.cli.terminal import say
from nnsim.cli.typed_options import above_0, activation, loss, sizes, whole
from nnsim.engine.activations import ACTIVATIONS
from nnsim.engine.kernels.library import engine_name
from nnsim.errors import NnsimError, nearest
from nnsim.files.formats import FORMATS

UNTIL_CAP = 1_000_000


class UsageError(NnsimError):
    """A command line that cannot be understood."""


_HELP = """\
See, edit and understand every number of a neural network as it learns.

nnsim                 opens the window
nnsim FILE            opens the window on a project file (write ./new for a file called “new”)
nnsim COMMAND …       works without a window; nnsim COMMAND --help explains it

Exit codes: 0 done, 1 differs or stopped by itself, 2 bad input (one sentence on stderr)."""


class _Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are sentences, and whose help keeps its line breaks."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **options)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse as usual, and refuse here what is not known: this parser knows what is near."""
        chosen, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"there is no “{unknown[0][:40]}” here{self._meant(unknown[0])}")
        return chosen, unknown

    def _meant(self, typed: str) -> str:
        """The option that somebody may have meant."""
        name = typed.partition("=")[0].lstrip("-")
        known = [option.lstrip("-").replace("-", "_") for option in self._option_string_actions]
        meant = nearest(name, known) if typed.startswith("-") else ""
        return f"; --{meant.replace('_', '-')} is the nearest" if meant else ""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:]}; see {self.prog} --help.")


class _Version(argparse.Action):
    """Says the version and, below it, which engine runs."""

    def __init__(self, option_strings: list[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        say(f"nnsim {nnsim.__version__}\n{engine_name()}")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; it raises UsageError for what it does not understand."""
    top = _Parser(prog="nnsim", description=_HELP, usage="nnsim [FILE] | nnsim COMMAND …")
    top.add_argument("--version", action=_Version, help="show the version and which engine runs")
    top.add_argument(
        "--self-test", action="store_true", help="play the chapter in a hidden window and check it"
    )
    commands = top.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", prog="nnsim", required=True
    )
    for name, (text, example, add_arguments) in _WORDS.items():
        description, epilog = f"{text[0].upper()}{text[1:]}.", f"Example: {example}"
        add_arguments(commands.add_parser(name, help=text, description=description, epilog=epilog))
    return top


def _add_new(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--layers", required=True, type=sizes, metavar="2-2-1", help="inputs, then each layer"
    )
    parser.add_argument(
        "--activation",
        type=activation,
        metavar="NAME",
        default="sigmoid",
        help=f"of all layers (default: sigmoid): {', '.join(ACTIVATIONS)}; threshold(0.5), "
        "leaky_relu(0.2) and elu(0.5) carry their number; softmax is for the last layer",
    )
    parser.add_argument(
        "--output-activation",
        type=activation,
        metavar="NAME",
        help="of the last layer (default: as the others)",
    )
    parser.add_argument("--no-bias", action="store_true", help="neurons without biases")
    _add_rows(parser)
    _add_output(parser, "the project file to make")
    add_settings(parser, "settings", defaults=True)


def _add_train(parser: argparse.ArgumentParser) -> None:
    _add_file(parser)
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--steps", type=above_0, metavar="N", help="train N steps")
    length.add_argument(
        "--epochs", type=above_0, metavar="N", help="train N times all samples (default: 1)"
    )
    parser.add_argument(
        "--until-loss",
        type=loss,
        metavar="E",
        help="stop when the mean loss over all samples, measured after each epoch, is at most E; "
        f"exit code 1 if it is not after --steps or --epochs (default: {UNTIL_CAP:,} steps)",
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="where the trained project goes; FILE may be it"
    )
    parser.add_argument(
        "--log",
        metavar="OUT.csv",
        help="write step, (first) sample (from 0) and loss before the step",
    )
    _add_rows(parser)
    add_settings(parser, "settings, from now on", without=ONLY_NEW)


TRACE_FORMS = {
    "json": "for programs, all digits",
    "markdown": "the worked solution as Markdown",
    "latex": "the worked solution as a LaTeX document, in the field's symbols",
    "html": "the worked solution as a page for a browser",
    "python": "a script that computes the step again and asserts every number",
}


def _add_trace(parser: argparse.ArgumentParser) -> None:
    _add_file(parser)
    parser.add_argument(
        "--sample",
        type=whole,
        metavar="N",
        help="counted from 0, as in Python; the window counts from 1 (default: that of the "
        "next step)",
    )
    form = parser.add_mutually_exclusive_group()
    for name, text in TRACE_FORMS.items():
        form.add_argument(f"--{name}", dest="form", action="store_const", const=name, help=text)
    parser.add_argument("-o", "--output", metavar="FILE", help="where it goes, not to the screen")


def _add_export(parser: argparse.ArgumentParser) -> None:
    _add_file(parser)
    _add_output(parser, f"the file to write, ending in {' or '.join(FORMATS)}")


def _add_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("weights", metavar="WEIGHTS", help=f"a file in {' or '.join(FORMATS)}")
    parser.add_argument("--into", required=True, metavar="FILE", help="the project they are for")
    _add_output(parser, "the project file to write; it may be the same")


def _add_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a project file (.nnsim)")


def _add_rows(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--samples",
        metavar="ROWS.csv",
        help="the samples: a row of numbers for each, its inputs and then what is expected",
    )
    parser.add_argument(
        "--validation",
        metavar="ROWS.csv",
        help="samples that are only measured and never trained on",
    )


def _add_output(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help=text)


_WORDS: dict[str, tuple[str, str, Callable[[argparse.ArgumentParser], None]]] = {
    "new": (
        "make a project with random start weights and the samples of a file, or without --samples "
        "one sample (inputs 0.5, expected 0)",
        "nnsim new --layers 2-2-1 --seed 7 --samples rows.csv -o mine.nnsim",
        _add_new,
    ),
    "train": (
        "train a project, and with -o keep the result (FILE itself is not changed)",
        "nnsim train mine.nnsim --epochs 100 -o trained.nnsim --log losses.csv",
        _add_train,
    ),
    "trace": (
        "write every number of one step, as the chapter writes it",
        "nnsim trace mine.nnsim --sample 0",
        _add_trace,
    ),
    "export": (
        "write the weights and biases to a CSV or JSON file",
        "nnsim export trained.nnsim -o weights.csv",
        _add_export,
    ),
    "import": (
        "put the weights and biases of a CSV or JSON file into a project",
        "nnsim import weights.csv --into mine.nnsim -o trained.nnsim",
        _add_import,
    ),
    "check": (
        "check a project file, and its gradients by finite differences (exit code 1: they differ)",
        "nnsim check mine.nnsim",
        _add_file,
    ),
}
