"""Who may know what: Qt's widgets and blocked signals."""

import ast
import subprocess
import sys

DRAWING = {"PySide6.QtWidgets", "PySide6.QtGui"}
WITHOUT_QT = """
import importlib, pkgutil, sys
import nnsim, nnsim.cli

for module in pkgutil.walk_packages(nnsim.__path__, "nnsim."):
    if module.name.split(".")[1] not in {"views", "control", "app", "self_test", "__main__"}:
        importlib.import_module(module.name)
print([name for name in sys.modules if name.split(".")[0] in {"PySide6", "shiboken6"}])
"""


def imports(tree):
    """Return every imported name, as “package.module” and “package.module.name”."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def imports_package(tree, package):
    return any(name == package or name.startswith(f"{package}.") for name in imports(tree))


def test_only_views_and_the_app_draw(modules):
    users = [
        path
        for path, tree in modules.items()
        if any(imports_package(tree, module) for module in DRAWING)
        and not path.startswith("nnsim/views/")
        and path != "nnsim/app.py"
    ]

    assert users == []


def test_control_imports_only_qtcore(modules):
    others = {
        path: sorted(name for name in imports(tree) if is_qt_beyond_core(name))
        for path, tree in modules.items()
        if path.startswith("nnsim/control/")
    }

    assert {path: names for path, names in others.items() if names} == {}


def is_qt_beyond_core(name):
    parts = name.split(".")
    return parts[0] in {"PySide6", "shiboken6"} and parts[1:2] not in ([], ["QtCore"])


def test_no_signal_is_ever_blocked(texts, modules):
    blocking = [
        path for path in modules if "blockSignals" in texts[path] or "QSignalBlocker" in texts[path]
    ]

    assert blocking == []


def test_all_below_control_is_imported_without_qt(root):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_QT], cwd=root, capture_output=True, text=True, check=False
    )

    assert done.stderr == ""
    assert done.stdout.strip() == "[]"
