"""Train a two-layer network on a data set, print its test accuracy and save it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from time import perf_counter

# What the data sets differ in: the value of full ink, and how long a training takes to level off.
_SETTINGS = {
    "digits": {"scale": 16, "epochs": 20, "batch_size": 32},
    "mnist": {"scale": 255, "epochs": 5, "batch_size": 128},
}


def _integer(at_least: int) -> Callable[[str], int]:
    def integer(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"must be an integer; received {text!r}") from None
        if value < at_least:
            raise argparse.ArgumentTypeError(f"must be at least {at_least}; received {value}")
        return value

    return integer


def _defaults(setting: str) -> str:
    return ", ".join(f"{settings[setting]} for {name}" for name, settings in _SETTINGS.items())


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add(
        "--dataset",
        choices=list(_SETTINGS),
        default="digits",
        help="digits: 1,797 images that ship with fastnn; mnist: 70,000 images, downloaded the first time "
        "(default: %(default)s)",
    )
    add(
        "--epochs",
        type=_integer(1),
        metavar="N",
        help=f"passes over the training images (default: {_defaults('epochs')})",
    )
    add(
        "--batch-size",
        type=_integer(1),
        metavar="N",
        help=f"images per step (default: {_defaults('batch_size')})",
    )
    add(
        "--hidden",
        type=_integer(1),
        default=512,
        metavar="N",
        help="units of the hidden layer (default: %(default)s)",
    )
    add(
        "--optimizer",
        choices=["adam", "rmsprop", "sgd"],
        default="rmsprop",
        help="update rule, with its own default learning rate (default: %(default)s)",
    )
    add(
        "--seed",
        type=_integer(0),
        default=0,
        metavar="N",
        help="equal seeds give equal models, bit for bit (default: %(default)s)",
    )
    add(
        "--output",
        metavar="PATH",
        help="file to save the model in (default: fastnn-DATASET.safetensors in the current folder)",
    )


def _check_output(path: str) -> str | None:
    """Return what speaks against saving to this path, found before the training rather than after it."""
    folder = os.path.dirname(os.path.abspath(path))
    if os.path.exists(path) and not os.path.isfile(path):
        return "is not a file"
    if not os.path.isdir(folder):
        return f"the folder {folder} does not exist"
    if not os.access(folder, os.W_OK):
        return f"the folder {folder} cannot be written to"
    return None


def run(args: argparse.Namespace) -> None:
    """Load the data, train, evaluate, save, and say what came of it."""
    settings = _SETTINGS[args.dataset]
    path = args.output or f"fastnn-{args.dataset}.safetensors"
    problem = _check_output(path)
    if problem:
        args.parser.error(f"argument --output: {path!r}: {problem}")

    from fastnn import datasets

    (x_train, y_train), (x_test, y_test) = getattr(datasets, args.dataset).load_data()
    x_train, x_test = (x.astype("float32") / settings["scale"] for x in (x_train, x_test))

    from fastnn import layers, models
    from fastnn.utils import set_random_seed

    set_random_seed(args.seed)
    model = models.Sequential(
        [
            layers.Input(x_train.shape[1:]),
            layers.Flatten(),
            layers.Dense(args.hidden, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(args.optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    print(
        f"training on {len(x_train):,} images of {args.dataset}: "
        f"{x_train[0].size}-{args.hidden}-10, {args.optimizer}"
    )
    start = perf_counter()
    model.fit(
        x_train,
        y_train,
        epochs=args.epochs or settings["epochs"],
        batch_size=args.batch_size or settings["batch_size"],
    )
    seconds = perf_counter() - start
    _, accuracy = model.evaluate(x_test, y_test, verbose=0)
    model.save(path)
    print(f"trained in {seconds:.1f} s; accuracy on {len(x_test):,} test images: {accuracy:.4f}")
    print(f"saved to {path}; it takes images divided by {settings['scale']}. To load it:")
    print(f"  from fastnn.models import load_model; model = load_model({path!r})")
