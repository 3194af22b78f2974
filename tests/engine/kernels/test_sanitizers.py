"""The C kernels under AddressSanitizer, UBSan and valgrind: many shapes, rules and bad numbers."""

import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nnsim.engine.kernels import build, library
from nnsim.engine.kernels.structs import (
    ACTIVATION_CODES,
    LOSS_CODES,
    OPTIMIZER_CODES,
    SCHEDULE_CODES,
    Rule,
    rule_struct,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only there all tools are at hand")

DRIVER = Path(__file__).with_name("driver.c")
SANITIZERS = ["-fsanitize=address,undefined,float-cast-overflow", "-fno-sanitize-recover=all"]
VALGRIND = [
    "valgrind",
    "-q",
    "--error-exitcode=9",
    "--leak-check=full",
    "--errors-for-leak-kinds=all",
]
DONE, STOPPED, NOT_FINITE, GROWING = map(str, range(4))
PATHS = {"tiny", "online", "batch", "general"}

# The shapes with paths of their own, the narrowest, and some that fill no vector.
SHAPES = [(1, 1), (2, 1), (2, 4, 1), (2, 8, 8, 1), (4, 16, 3), (3, 5, 2), (1, 1, 1, 1), (7, 9, 4)]
WIDE = [(64, 32, 10), (33, 31, 17, 5), (130, 70, 3)]
HOSTILE = [np.nan, np.inf, -np.inf, 1.7e308, -1.7e308, 5e-324, -0.0]


def number(value):
    return struct.pack("=q", value)


def array(values, kind=np.float64):
    if values is None:
        return number(-1)
    packed = np.ascontiguousarray(values, dtype=kind).tobytes()
    return number(len(packed)) + packed


class Shape:
    """A network's layers as kernel.h wants them; reach: how many layers before it one reads.

    late: the first layer leaves out the first input. Only the path that fits everything takes that.
    """

    def __init__(self, sizes, reach, with_biases, late=False):
        self.inputs, self.sizes = sizes[0], sizes[1:]
        begins = np.concatenate(([0], np.cumsum(sizes)))
        self.first = [begins[max(0, layer - reach)] for layer in range(1, len(sizes))]
        self.first[0] += late
        self.width = [begins[layer] - self.first[layer - 1] for layer in range(1, len(sizes))]
        self.weights, self.biases, place = [], [], 0
        for size, width in zip(self.sizes, self.width, strict=True):
            self.weights.append(place)
            place += size * width
            self.biases.append(place if with_biases else -1)
            place += size if with_biases else 0
        self.parameters = place
        self.neurons = sum(self.sizes)

    def packed(self, activations, slopes, trained, present):
        lists = [array(numbers, np.int32) for numbers in (self.sizes, self.first, self.width)]
        lists += [array(numbers, np.int64) for numbers in (self.weights, self.biases)]
        lists += [array(activations, np.int32), array(slopes), number(self.parameters)]
        lists += [array(mask, np.uint8) for mask in (trained, present)]
        return number(self.inputs) + number(len(self.sizes)) + b"".join(lists)


def a_job(draw, sizes, plain=False, hostile=False):
    """One job for driver.c, drawn at random; plain: the rule that the fastest paths are for."""
    rule = Rule() if plain else a_rule(draw)
    reach = 1 if plain else draw.integers(1, 4)
    late = not plain and sizes[0] > 1 and draw.random() < 0.3
    shape = Shape(sizes, reach, plain or draw.random() < 0.8, late)
    activations, slopes = some_activations(draw, shape, rule, plain)
    present = None if plain or draw.random() < 0.5 else draw.random(shape.parameters) < 0.7
    trained = present if draw.random() < 0.7 else draw.random(shape.parameters) < 0.5
    parameters = draw.uniform(-1, 1, shape.parameters)
    if present is not None:
        parameters[~present] = 0.0
        trained = present if trained is None else trained & present
    count = int(draw.integers(1, 12)) if draw.random() < 0.7 else 70
    inputs = draw.uniform(-1, 1, (count, shape.inputs))
    if hostile:
        numbers = parameters if draw.random() < 0.5 else inputs
        numbers.flat[draw.integers(numbers.size)] = draw.choice(HOSTILE)
    steps, calls = int(draw.integers(0, 30)), int(draw.integers(1, 4))
    parts = [
        bytes(rule_struct(rule)),
        shape.packed(activations, slopes, trained, present),
        samples(draw, inputs, rule, shape.sizes[-1], steps, plain),
        array(parameters),
        array(np.zeros(shape.parameters)),
        array(np.zeros(shape.parameters)),
        number(int(draw.integers(count))),
        record(draw, steps, count),
        number(steps),
        number(calls),
        number(int(draw.random() < 0.05)),
    ]
    return b"".join(parts)


def a_rule(draw):
    def maybe(value):
        return float(value) if draw.random() < 0.3 else 0.0

    return Rule(
        loss=str(draw.choice(list(LOSS_CODES))),
        huber=0.5,
        mean=bool(draw.random() < 0.5),
        optimizer=str(draw.choice(list(OPTIMIZER_CODES))),
        learning_rate=float(draw.choice([0.01, 1.0, 1e300])),
        l1=maybe(0.01),
        l2=maybe(0.01),
        weight_decay=maybe(0.1),
        clip_value=maybe(0.1),
        clip_norm=maybe(0.5),
        weight_limit=maybe(2.0),
        schedule=str(draw.choice(list(SCHEDULE_CODES))),
        schedule_steps=5,
        warm_up_steps=int(draw.integers(0, 4)),
    )


def some_activations(draw, shape, rule, plain):
    hidden = [code for name, code in ACTIVATION_CODES.items() if name != "softmax"]
    if draw.random() < 0.5 or plain:  # one for each layer
        chosen = np.repeat(draw.choice(hidden, len(shape.sizes)), shape.sizes)
    else:
        chosen = draw.choice(hidden, shape.neurons)
    outputs = {"softmax_cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}
    if rule.loss in outputs:
        chosen[-shape.sizes[-1] :] = ACTIVATION_CODES[outputs[rule.loss]]
    return chosen, draw.choice([0.0, 0.01, 0.5, 1.0], shape.neurons)


def samples(draw, inputs, rule, outputs, steps, plain):
    count = len(inputs)
    expected = draw.integers(0, 2, (count, outputs)).astype(float)
    if rule.loss == "softmax_cross_entropy":
        expected = np.eye(outputs)[draw.integers(0, outputs, count)]
    batch = 1 if plain and draw.random() < 0.7 else int(draw.integers(1, count + 1))
    given = given_ends = None
    if draw.random() < 0.2 and steps:
        lengths = draw.integers(1, 2 * count + 1, steps)
        given, given_ends = draw.integers(0, count, lengths.sum()), np.cumsum(lengths)
    order = number(int(draw.random() < 0.5)) + number(int(draw.integers(2**62)))
    parts = [number(count), array(inputs), array(expected), number(batch), order]
    return b"".join([*parts, array(given, np.int64), array(given_ends, np.int64)])


def record(draw, steps, count):
    def maybe(length, kind=np.float64, value=0):
        return np.full(length, value, kind) if draw.random() < 0.7 else None

    kept = [array(maybe(steps)), array(maybe(steps)), array(maybe(steps, np.int32), np.int32)]
    watch = maybe(count, value=np.nan)
    return b"".join([*kept, array(watch), array(watch)])


def all_jobs(seed, rounds, shapes):
    draw = np.random.default_rng(seed)
    made = []
    for _ in range(rounds):
        for sizes in shapes:
            made += [a_job(draw, sizes, plain=True), a_job(draw, sizes), a_job(draw, sizes)]
            made += [a_job(draw, sizes, hostile=True), a_job(draw, sizes, True, hostile=True)]
    return made


def variants():
    """The variants that this machine can run."""
    flags = build.variants(build.this_machine())
    names = list(flags)
    widest = library.choose("c", build.BUILT).words
    return {name: flags[name] for name in names[names.index(widest) :]}


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """The driver by (variant, judge): for valgrind it calls the very libraries that users get."""
    folder = tmp_path_factory.mktemp("programs")
    made = build.build()
    sources = [str(path) for path in build.sources() if path.suffix == ".c"]
    flags = [flag for flag in build.FLAGS if flag not in {"-O3", "-shared"}]
    commands = {}
    for name, own in variants().items():
        library = [str(build.BUILT / made.libraries[name]), f"-Wl,-rpath,{build.BUILT}"]
        if name != build.V4:  # valgrind does not know AVX-512
            commands[name, "valgrind"] = library
        commands[name, "sanitizers"] = [*sources, *flags, *own, *SANITIZERS]
    started = {key: compiling(folder / "-".join(key), words) for key, words in commands.items()}
    assert [process.communicate()[0] for process in started.values()] == [""] * len(started)
    return {key: str(folder / "-".join(key)) for key in started}


def compiling(program, words):
    command = [*build.find_compiler(), "-O1", "-g1", "-I", str(build.FOLDER), str(DRIVER)]
    return subprocess.Popen(
        [*command, *words, "-o", str(program), "-lm"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def run(command, folder, jobs):
    """Return each job's end, steps done and path; the file of jobs is written first."""
    path = folder / "jobs"
    path.write_bytes(number(len(jobs)) + b"".join(jobs))
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert len(lines) == len(jobs)
    return lines


@pytest.mark.parametrize("name", list(variants()))
def test_nothing_is_read_or_written_beside_an_array_nor_left_open_by_c(programs, tmp_path, name):
    command = [programs[name, "sanitizers"]]

    lines = run(command, tmp_path, all_jobs(1, 12, SHAPES) + all_jobs(2, 4, WIDE))

    assert {line[0] for line in lines} >= {DONE, STOPPED, NOT_FINITE}
    assert {line[2] for line in lines if len(line) > 2} == PATHS


@pytest.mark.parametrize("name", [name for name in variants() if name != build.V4])
def test_nothing_depends_on_memory_that_nobody_has_written(programs, tmp_path, name):
    command = [*VALGRIND, programs[name, "valgrind"]]

    lines = run(command, tmp_path, all_jobs(3, 2, SHAPES) + all_jobs(4, 1, WIDE))

    assert {line[2] for line in lines if len(line) > 2} == PATHS


def one_row_too_few():
    """A job that says that it has three samples and has two."""
    shape = Shape((2, 1), 1, with_biases=True)
    rows = [number(3), array(np.ones((2, 2))), array(np.ones((3, 1))), number(1), number(0)]
    state = [array([0.1, 0.2, 0.3]), array(None), array(None), number(0)]
    return b"".join(
        [
            bytes(rule_struct(Rule(learning_rate=0.1))),
            shape.packed([0], [0.0], None, None),
            *[*rows, number(0), array(None), array(None)],
            *[*state, *[array(None)] * 5],
            *[number(9), number(1), number(0)],
        ]
    )


@pytest.mark.parametrize(
    ("judge", "prefix", "words"),
    [("sanitizers", [], "heap-buffer-overflow"), ("valgrind", VALGRIND, "Invalid read")],
)
def test_the_judges_are_awake(programs, tmp_path, judge, prefix, words):
    (tmp_path / "jobs").write_bytes(number(1) + one_row_too_few())
    command = [*prefix, programs[build.BASELINE, judge], str(tmp_path / "jobs")]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert words in done.stderr
