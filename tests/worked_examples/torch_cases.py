"""What make_torch_trajectories.py trains: one case is one row of the table CASES.

Settings have nnsim's names. A network is 2-3-2 where nothing else is said; the places of what is
absent or frozen count in the flat vector of parameters: layer after layer, weights row by row,
then biases.
"""

ACTIVATIONS = (
    "linear", "sigmoid", "bipolar_sigmoid", "tanh", "relu", "leaky_relu", "leaky_relu(0.2)", "elu",
    "elu(0.5)", "softplus", "silu", "gelu", "threshold", "threshold(0.5)",
)  # fmt: skip
FREE_LOSSES = ("half_squared", "squared", "mean_squared", "absolute", "huber", "huber(0.3)")
OPTIMIZERS = {
    "sgd": {"learning_rate": 0.3},
    "momentum": {"learning_rate": 0.1, "momentum": 0.8},
    "nesterov": {"learning_rate": 0.1, "momentum": 0.8},
    "rmsprop": {"learning_rate": 0.02, "rho": 0.9},
    "adagrad": {"learning_rate": 0.2},
    "adam": {"learning_rate": 0.05},
    "adamw": {"learning_rate": 0.05, "weight_decay": 0.2},
}
ORDER = [[3, 0, 2], [4], [1, 1, 0, 4], [2, 3], [0, 1, 2, 3, 4]]
"""Batches in an order of their own, of several sizes, with one sample twice."""


def layer(activations, size=None, has_bias=True, reach=1):
    names = [activations] * size if size else list(activations)
    return {"activations": names, "has_bias": has_bias, "reach": reach}


def two_layers(hidden="tanh", outputs="linear", has_bias=True):
    return [layer(hidden, 3, has_bias), layer(outputs, 2, has_bias)]


def case(name, layers=None, *, inputs=2, absent=(), frozen=(), batches=None, **settings):
    """batches: of one epoch, repeated until 50 steps are done; None for the settings' own order."""
    return {
        "name": name,
        "inputs": inputs,
        "layers": layers or two_layers(),
        "absent": list(absent),
        "frozen": list(frozen),
        "batches": batches,
        "settings": {"learning_rate": 0.2, **settings},
    }


def activations():
    for name in ACTIVATIONS:
        yield case(f"{name} hidden", two_layers(name), batch_size=2)
        if "threshold" not in name:
            yield case(f"{name} outputs", two_layers("tanh", name))
    yield case("softmax outputs", two_layers("tanh", "softmax"), batch_size=2)
    mixed = [layer(["relu", "gelu", "sigmoid"]), layer(["tanh", "softplus"])]
    yield case("mixed activations", mixed, batch_size=2)
    kinked = [layer(["leaky_relu(0.2)", "elu(0.5)", "threshold"]), layer(["linear", "silu"])]
    yield case("mixed activations with parameters", kinked, batch_size=2, optimizer="momentum")


def losses():
    sizes = {"one sample": 1, "mean": 2, "sum": 0}
    for words, size in sizes.items():
        how = {"batch_size": size, "batch_reduction": "sum" if words == "sum" else "mean"}
        for loss in FREE_LOSSES:
            yield case(f"{loss} {words}", loss=loss, **how | {"learning_rate": 0.05})
        for loss, outputs in (
            ("binary_cross_entropy", "sigmoid"),
            ("softmax_cross_entropy", "softmax"),
            ("hinge", "tanh"),
        ):
            yield case(f"{loss} {words}", two_layers("tanh", outputs), loss=loss, **how)
    yield case("hinge linear", loss="hinge", batch_size=3)
    for loss in ("squared", "absolute", "huber(0.3)"):
        yield case(f"{loss} on softmax", two_layers("sigmoid", "softmax"), loss=loss, batch_size=3)


def optimizers():
    for name, settings in OPTIMIZERS.items():
        yield case(f"{name} one sample", optimizer=name, **settings)
        yield case(f"{name} batches in a given order", batches=ORDER, optimizer=name, **settings)
        yield case(f"{name} all samples", batch_size=0, optimizer=name, **settings)
    cross = two_layers("silu", "softmax")
    yield case(
        "adam with other betas", cross, loss="softmax_cross_entropy", optimizer="adam",
        learning_rate=0.02, beta1=0.8, beta2=0.95, epsilon=1e-3, batch_size=2,
    )  # fmt: skip
    for name in ("rmsprop", "adagrad"):
        yield case(f"{name} with a large epsilon", optimizer=name, learning_rate=0.1, epsilon=0.1)


def penalties():
    for name, settings in OPTIMIZERS.items():
        if name != "adamw":
            yield case(f"l2 with {name}", optimizer=name, l2=0.1, batch_size=2, **settings)
    yield case("l1", l1=0.03, batch_size=2)
    yield case("l1 and l2 with adamw", l1=0.02, l2=0.05, **OPTIMIZERS["adamw"], optimizer="adamw")
    yield case("l1 with frozen and absent", absent=[1, 6], frozen=[0, 9, 15], l1=0.02, l2=0.05)
    yield case("l2 of a sum", l2=0.1, batch_reduction="sum", batch_size=2, learning_rate=0.05)
    yield case("l2 behind a threshold", two_layers("threshold"), l2=0.1, batch_size=2)


def limits():
    yield case("clipped by norm", clip_norm=0.2, batch_size=2)
    yield case("clipped by value", clip_value=0.05, batch_size=2)
    yield case("clipped by both", clip_value=0.1, clip_norm=0.15)
    yield case("clipped with l2", clip_norm=0.3, l2=0.3, batch_size=3)
    yield case("clipped with momentum", clip_norm=0.1, optimizer="momentum")
    yield case("clipped with adam", clip_value=0.05, optimizer="adam", learning_rate=0.05)
    yield case("clipped beside frozen and absent", absent=[1, 6], frozen=[0, 9, 15], clip_norm=0.1)
    yield case("weight limit", weight_limit=0.6, batch_size=2)
    yield case("weight limit with adamw", weight_limit=0.6, optimizer="adamw", weight_decay=0.1,
               learning_rate=0.05)  # fmt: skip


def schedules():
    step = {"schedule": "step", "schedule_steps": 15, "schedule_factor": 0.5}
    exponential = {"schedule": "exponential", "schedule_steps": 20, "schedule_factor": 0.3}
    cosine = {"schedule": "cosine", "schedule_steps": 40, "schedule_factor": 0.05}
    warm = {"warm_up_steps": 8}
    yield case("step schedule", **step)
    yield case("exponential schedule", **exponential)
    yield case("cosine schedule", **cosine)
    yield case("cosine schedule not yet done", **cosine | {"schedule_steps": 80})
    yield case("warm-up", **warm)
    yield case("step schedule with warm-up", **step, **warm, optimizer="momentum")
    yield case("exponential schedule with warm-up", **exponential, **warm, optimizer="nesterov")
    yield case("cosine schedule with warm-up", **cosine, **warm, optimizer="adam")
    yield case("step schedule with adamw", **step, optimizer="adamw", weight_decay=0.5)


def structures():
    for name, settings in OPTIMIZERS.items():
        yield case(
            f"frozen and absent with {name}", absent=[1, 5, 7, 12], frozen=[0, 8, 10, 16],
            batch_size=2, optimizer=name, **settings,
        )  # fmt: skip
    yield case("no biases", two_layers("sigmoid", has_bias=False), batch_size=2)
    yield case("one layer without biases", [layer("tanh", 3, False), layer("sigmoid", 2)])
    yield case("biases not trained", train_biases=False, optimizer="adam", learning_rate=0.05)
    skipping = [layer("tanh", 3), layer("silu", 2), layer("linear", 2, reach=3)]
    yield case("skipped layers, all connections", skipping, batch_size=2, learning_rate=0.05)
    skipping = [layer("tanh", 2), layer("sigmoid", 2, reach=2), layer("softmax", 2, reach=2)]
    yield case(
        "skipped layers, some connections", skipping, absent=[7, 12, 16], frozen=[8, 17],
        loss="softmax_cross_entropy", batch_size=3, optimizer="momentum",
    )  # fmt: skip
    yield case("one neuron", [layer("sigmoid", 1)], learning_rate=1.0)
    deep = [layer("elu", 2), layer("gelu", 2), layer("tanh", 2), layer("sigmoid", 1)]
    yield case("four layers", deep, inputs=3, loss="binary_cross_entropy", batch_size=2)


CASES = [
    *activations(),
    *losses(),
    *optimizers(),
    *penalties(),
    *limits(),
    *schedules(),
    *structures(),
]
