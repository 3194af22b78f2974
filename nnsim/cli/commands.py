"""The commands: each takes what was typed and returns an exit code."""

import argparse
from collections.abc import Callable
from dataclasses import replace

from nnsim.cli.project_file import opened, with_rows
from nnsim.cli.setting_options import chosen_settings
from nnsim.cli.terminal import DIFFERS, DONE, json_text, say, say_json
from nnsim.cli.training import train
from nnsim.engine.gradcheck import check_gradients
from nnsim.engine.initializers import new_network
from nnsim.engine.settings import Settings
from nnsim.errors import counted
from nnsim.files.atomic import write_atomically
from nnsim.files.formats import export_weights, import_weights
from nnsim.files.project import save
from nnsim.files.reading import shown_name
from nnsim.model.document import Document
from nnsim.model.first_sample import first_sample
from nnsim.tracing.names import parameter_name
from nnsim.tracing.report import trace_json, trace_text
from nnsim.tracing.trace import Trace
from nnsim.tracing.worked.python_script import python_script
from nnsim.tracing.worked.written import html, latex, markdown

SHOWN_ROWS = 10


def _new(chosen: argparse.Namespace) -> int:
    sizes = chosen.layers
    layers = len(sizes) - 1
    output = chosen.output_activation or chosen.activation
    activations = [chosen.activation] * (layers - 1) + [output]
    settings = replace(Settings(), **chosen_settings(chosen))
    network = new_network(sizes, activations, settings, biases=not chosen.no_bias)
    samples = first_sample(network, settings.loss_function, inputs=0.5)
    document = Document(network, samples, settings)
    document = with_rows(document, chosen.samples, chosen.validation)
    save(document, chosen.output)
    say(f"{shown_name(chosen.output)}: {_described(document)}.")
    return DONE


def _trace(chosen: argparse.Namespace) -> int:
    trace = opened(chosen.file).trace(chosen.sample)
    if chosen.output is None and chosen.form == "json":
        say_json(trace_json(trace))
        return DONE
    text = _FORMS[chosen.form](trace).rstrip("\n")
    if chosen.output is None:
        say(text)
        return DONE
    write_atomically(chosen.output, f"{text}\n".encode())
    say(f"{shown_name(chosen.output)}: one training step written.")
    return DONE


_FORMS: dict[str | None, Callable[[Trace], str]] = {
    None: trace_text,
    "json": lambda trace: json_text(trace_json(trace)),
    "markdown": markdown,
    "latex": latex,
    "html": html,
    "python": python_script,
}


def _export(chosen: argparse.Namespace) -> int:
    document = opened(chosen.file)
    export_weights(document, chosen.output)
    count = counted(document.network.parameter_count, "number")
    say(f"{shown_name(chosen.output)}: {count} written.")
    return DONE


def _import(chosen: argparse.Namespace) -> int:
    document = import_weights(chosen.weights, opened(chosen.into))
    save(document, chosen.output)
    count = counted(document.network.parameter_count, "number")
    say(f"{shown_name(chosen.output)}: {count} from {shown_name(chosen.weights)}.")
    return DONE


def _check(chosen: argparse.Namespace) -> int:
    document = opened(chosen.file)
    say(f"{shown_name(chosen.file)}: {_described(document)}. The file is sound.")
    if not len(document.samples):
        say("Without samples there are no gradients to check.")
        return DONE
    network, samples = document.network, document.samples
    check = check_gradients(network, samples.inputs, samples.expected, document.settings)
    say(check.sentence)
    if check.not_checked:
        count = counted(len(check.not_checked), "gradient")
        say(f"Of {count} a finite difference says nothing here (a kink, overflow or rounding).")
    for row in check.differing[:SHOWN_ROWS]:
        name = parameter_name(network, row.ref)
        say(f"  {name}: backpropagation {row.analytic!r}, finite difference {row.numeric!r}")
    return DIFFERS if check.differing else DONE


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "new": _new,
    "train": train,
    "trace": _trace,
    "export": _export,
    "import": _import,
    "check": _check,
}


def _described(document: Document) -> str:
    network = document.network
    sizes = "-".join(map(str, network.sizes[:12])) + ("-…" if len(network.sizes) > 12 else "")
    return (
        f"{sizes}, {counted(network.parameter_count, 'weight')} and biases, "
        f"{counted(len(document.samples), 'sample')}, step {document.position.step}"
    )
