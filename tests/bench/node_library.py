"""A JavaScript library as a competitor: installed by npm into the user's cache, run by node."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np

from tests.bench.work import Work

RUNNER = Path(__file__).parent / "peers" / "node_runner.js"
VERSIONS = {"synaptic": "1.1.4", "brain.js": "1.6.1", "convnetjs": "0.3.0"}
INSTALL_SECONDS = 120


def cache() -> Path:
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "nnsim-bench" / "npm"


def installed(name: str) -> bool:
    return (cache() / "node_modules" / name / "package.json").is_file()


def unavailable(name: str) -> str | None:
    """Install the library where it is missing; the reason where that cannot be done."""
    if not shutil.which("node"):
        return "no node"
    if installed(name):
        return None
    if not shutil.which("npm"):
        return "no npm"
    folder = cache()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private": true}', "utf-8")
    wanted = [f"{library}@{version}" for library, version in VERSIONS.items()]
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", *wanted]
    try:
        subprocess.run(
            command, cwd=folder, capture_output=True, timeout=INSTALL_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return "npm could not install it"
    return None if installed(name) else "npm did not install it"


def version(name: str) -> str:
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    return f"{name} {VERSIONS[name]}, node {node.stdout.strip()}"


class NodeTrainer:
    """One library in its node process. Its CPU seconds are the node process's own."""

    def __init__(self, name: str, work: Work) -> None:
        self.process = subprocess.Popen(
            ["node", "--single-threaded", str(RUNNER), name, str(cache())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.cpu = 0.0
        fields = {
            "sizes": work.sizes,
            "activations": work.activations,
            "batch": work.batch,
            "learning_rate": work.learning_rate,
            "inputs": work.inputs.tolist(),
            "targets": work.targets.tolist(),
            "start": work.start.tolist(),
        }
        self.ask(json.dumps(fields))

    def ask(self, line: str) -> object:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def train(self, steps: int) -> None:
        answer = self.ask(str(steps))
        assert isinstance(answer, dict)
        self.cpu = answer["cpu"]

    def cpu_seconds(self) -> float:
        return self.cpu

    def parameters(self) -> np.ndarray:
        return np.array(self.ask("parameters"))

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
