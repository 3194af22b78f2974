"""Makes torch_trajectories.json: what PyTorch makes of each case of torch_cases.py in 50 steps.

Needs PyTorch, which the tests do not: run it in an environment of its own,

    python tests/worked_examples/make_torch_trajectories.py

and commit what it wrote. All in float64. The gradients are autograd's, the rules torch.optim's, the
learning rates those of torch.optim.lr_scheduler. The optimizer is given the trained numbers alone:
what is frozen or absent is no parameter of it.
"""

import json
import random
from itertools import cycle, islice
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812  (what everybody calls it)
from torch.optim import lr_scheduler
from torch_cases import CASES

STEPS = 50
KEPT = (1, 2, 10, 50)
SAMPLES = 5
DEFAULTS = {
    "loss": "half_squared", "batch_reduction": "mean", "batch_size": 1, "optimizer": "sgd",
    "momentum": 0.9, "beta1": 0.9, "beta2": 0.999, "rho": 0.99, "epsilon": 1e-8,
    "l1": 0.0, "l2": 0.0, "weight_decay": 0.0, "clip_value": 0.0, "clip_norm": 0.0,
    "weight_limit": 0.0, "schedule": "constant", "schedule_steps": 100, "schedule_factor": 0.1,
    "warm_up_steps": 0, "train_biases": True,
}  # fmt: skip

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def threshold(z, place=0.0):
    return (z >= place).double() + 0.0 * z  # the slope is 0 and not missing


ACTIVATIONS = {
    "linear": lambda z: z,
    "sigmoid": torch.sigmoid,
    "bipolar_sigmoid": lambda z: (1 - torch.exp(-z)) / (1 + torch.exp(-z)),
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "elu": F.elu,
    "softplus": F.softplus,
    "silu": F.silu,
    "gelu": F.gelu,
    "threshold": threshold,
}
LOSSES = {  # of each sample, from the outputs, the expected ones and the sums of the last layer
    "half_squared": lambda o, t, z: 0.5 * F.mse_loss(o, t, reduction="none").sum(1),
    "squared": lambda o, t, z: F.mse_loss(o, t, reduction="none").sum(1),
    "mean_squared": lambda o, t, z: F.mse_loss(o, t, reduction="none").mean(1),
    "absolute": lambda o, t, z: F.l1_loss(o, t, reduction="none").sum(1),
    "huber": lambda o, t, z, d=1.0: F.huber_loss(o, t, reduction="none", delta=d).sum(1),
    "binary_cross_entropy": lambda o, t, z: F.binary_cross_entropy(o, t, reduction="none").sum(1),
    "softmax_cross_entropy": lambda o, t, z: F.cross_entropy(z, t, reduction="none"),
    "hinge": lambda o, t, z: F.relu(1 - t * o).sum(1),
}


def found(table, name):
    """The entry of a name that may carry its parameter, such as huber(0.3)."""
    plain, _, number = name.partition("(")
    entry = table[plain]
    if not number:
        return entry
    return lambda *tensors: entry(*tensors, float(number.rstrip(")")))


def activate(names, z):
    if names[0] == "softmax":
        return F.softmax(z, dim=1)
    columns = [found(ACTIVATIONS, name)(z[:, i]) for i, name in enumerate(names)]
    return torch.stack(columns, dim=1)


def slots(case):
    """For each layer where its weights begin, where its biases do, and where they end."""
    sizes, start = [case["inputs"]], 0
    for layer in case["layers"]:
        size = len(layer["activations"])
        middle = start + size * sum(sizes[-layer["reach"] :])
        end = middle + (size if layer["has_bias"] else 0)
        yield start, middle, end
        sizes.append(size)
        start = end


def feed_forward(case, numbers, inputs):
    """Return the sums of the last layer and the outputs."""
    signals = [inputs]
    for layer, (start, middle, end) in zip(case["layers"], slots(case), strict=True):
        sources = torch.cat(signals[-layer["reach"] :], dim=1)
        matrix = numbers[start:middle].view(-1, sources.shape[1])
        z = F.linear(sources, matrix, numbers[middle:end] if layer["has_bias"] else None)
        signals.append(activate(layer["activations"], z))
    return z, signals[-1]


def drawn(case):
    """Draw start parameters and samples; each case from its own name."""
    draw = random.Random(case["name"])
    count = [*slots(case)][-1][2]
    start = [0.0 if i in case["absent"] else number(draw, -1) for i in range(count)]
    inputs = [[number(draw, -1) for _ in range(case["inputs"])] for _ in range(SAMPLES)]
    width = len(case["layers"][-1]["activations"])
    expected = [draw_expected(draw, case["settings"].get("loss", ""), width) for _ in inputs]
    return start, inputs, expected


def number(draw, low):
    return round(draw.uniform(low, 1), 3)  # short in the file


def draw_expected(draw, loss, width):
    if loss == "hinge":
        return [draw.choice((-1.0, 1.0)) for _ in range(width)]
    if loss == "softmax_cross_entropy":  # quarters: their sum is exactly 1
        first = draw.randint(0, 4) / 4
        return [first, 1 - first]
    return [number(draw, 0) for _ in range(width)]


def epoch(case):
    """The batches of one epoch; in the table's order where the case gives none."""
    size = case["settings"].get("batch_size", 1) or SAMPLES
    rows = list(range(SAMPLES))
    return case["batches"] or [rows[i : i + size] for i in range(0, SAMPLES, size)]


def learning_rates(settings):
    """The rate of each step: the schedule's times the warm-up's share of it."""
    main = scheduled(settings["learning_rate"], lambda o: schedule(o, settings))
    steps = settings["warm_up_steps"]
    if not steps:
        return main
    warm = scheduled(1.0, lambda o: lr_scheduler.LinearLR(o, 1 / steps, 1.0, steps - 1))
    return [rate * share for rate, share in zip(main, warm, strict=True)]


def schedule(optimizer, settings):
    steps, factor = settings["schedule_steps"], settings["schedule_factor"]
    if settings["schedule"] == "step":
        return lr_scheduler.StepLR(optimizer, steps, factor)
    if settings["schedule"] == "exponential":
        return lr_scheduler.ExponentialLR(optimizer, factor ** (1 / steps))
    if settings["schedule"] == "cosine":
        return lr_scheduler.CosineAnnealingLR(optimizer, steps, factor * settings["learning_rate"])
    return lr_scheduler.ConstantLR(optimizer, 1.0)


def scheduled(rate, make):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    scheduler, rates = make(optimizer), []
    for step in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step < getattr(scheduler, "T_max", STEPS):  # PyTorch's cosine would rise again
            scheduler.step()
    return rates


def optimizer_for(weights, biases, settings):
    """l2 without clipping is PyTorch's own weight_decay; clipping comes before that there."""
    decay = 0.0 if clips(settings) else settings["l2"]
    name, moments = settings["optimizer"], {"eps": settings["epsilon"]}
    if name in ("adam", "adamw"):
        moments["betas"] = (settings["beta1"], settings["beta2"])
    momentum = {"momentum": settings["momentum"]}
    make, options = {
        "sgd": (torch.optim.SGD, {}),
        "momentum": (torch.optim.SGD, momentum),
        "nesterov": (torch.optim.SGD, momentum | {"nesterov": True}),
        "rmsprop": (torch.optim.RMSprop, moments | {"alpha": settings["rho"]}),
        "adagrad": (torch.optim.Adagrad, moments),
        "adam": (torch.optim.Adam, moments),
        "adamw": (torch.optim.AdamW, moments),
    }[name]
    if name == "adamw":
        decay = settings["weight_decay"]
    groups = [
        {"params": [weights], "weight_decay": decay},
        {"params": [biases], "weight_decay": 0.0},
    ]
    return make(groups, lr=settings["learning_rate"], **options)


def clips(settings):
    return settings["clip_value"] or settings["clip_norm"]


class Training:
    """A case in training. `weights` and `biases` are leaves with the trained numbers alone."""

    def __init__(self, case):
        self.case, self.settings = case, DEFAULTS | case["settings"]
        start, inputs, expected = drawn(case)
        self.drawn = {"start": start, "samples": inputs, "expected": expected}
        self.start, self.inputs, self.expected = map(torch.tensor, (start, inputs, expected))
        bounds = list(slots(case))
        self.all_weights = [i for first, middle, _ in bounds for i in range(first, middle)]
        all_biases = [i for _, middle, end in bounds for i in range(middle, end)]
        fixed = {*case["absent"], *case["frozen"]}
        self.weight_places = [i for i in self.all_weights if i not in fixed]
        trained = self.settings["train_biases"]
        self.bias_places = [i for i in all_biases if trained and i not in fixed]
        self.weights = self.start[self.weight_places].clone().requires_grad_()
        self.biases = self.start[self.bias_places].clone().requires_grad_()
        self.optimizer = optimizer_for(self.weights, self.biases, self.settings)

    def numbers(self):
        """All parameters, flat: the trained ones in their places among the fixed ones."""
        numbers = self.start.clone()
        numbers[self.weight_places] = self.weights
        numbers[self.bias_places] = self.biases
        return numbers

    def step(self, batch, rate):
        """Take one step; return the batch's loss with its penalties before it."""
        settings, numbers = self.settings, self.numbers()
        z, outputs = feed_forward(self.case, numbers, self.inputs[batch])
        each = found(LOSSES, settings["loss"])(outputs, self.expected[batch], z)
        data = each.sum() if settings["batch_reduction"] == "sum" else each.mean()
        weights = numbers[self.all_weights]
        l1, l2 = settings["l1"] * weights.abs().sum(), settings["l2"] / 2 * (weights**2).sum()
        # The optimizer's weight_decay stands for l2, but AdamW's is another one.
        own = settings["l2"] and settings["optimizer"] != "adamw" and not clips(settings)
        self.optimizer.zero_grad()
        (data + l1 + (0.0 if own else l2)).backward()
        self.update(rate)
        return (data + l1 + l2).item()

    def update(self, rate):
        """Clip the gradient, let the optimizer take its step, hold the weights in their limit."""
        settings, leaves = self.settings, [self.weights, self.biases]
        if settings["clip_value"]:
            torch.nn.utils.clip_grad_value_(leaves, settings["clip_value"])
        if settings["clip_norm"]:
            torch.nn.utils.clip_grad_norm_(leaves, settings["clip_norm"])
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()
        if settings["weight_limit"]:
            with torch.no_grad():
                self.weights.clamp_(-settings["weight_limit"], settings["weight_limit"])


def train(case):
    """Return the case with what it began from and what PyTorch made of it."""
    training, losses, parameters = Training(case), [], {}
    batches = islice(cycle(epoch(case)), STEPS)
    rates = learning_rates(training.settings)
    for number, (batch, rate) in enumerate(zip(batches, rates, strict=True), start=1):
        losses.append(training.step(batch, rate))
        if number in KEPT:
            parameters[number] = training.numbers().tolist()
    own_order = case["batches"] is None
    given = {"batches": epoch(case), "own_order": own_order}
    return case | training.drawn | given | {"losses": losses, "parameters": parameters}


def main():
    lines = [json.dumps(train(case), separators=(",", ":")) for case in CASES]
    text = f'{{"torch":"{torch.__version__}","steps":{STEPS},"cases":[\n' + ",\n".join(lines)
    path = Path(__file__).with_name("torch_trajectories.json")
    path.write_text(text + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
