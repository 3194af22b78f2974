"""Every module says what it is for and stays small enough to be read at once."""

import ast

import nnsim

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def length(node):
    return node.end_lineno - node.lineno + 1


def too_long(modules, kinds, limit):
    return [
        f"{path}:{node.lineno} {node.name} has {length(node)} lines"
        for path, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, kinds) and length(node) > limit
    ]


def test_every_module_opens_with_a_sentence(modules):
    without = [
        path
        for path, tree in modules.items()
        if tree.body and not (ast.get_docstring(tree) or "").split("\n")[0].endswith(".")
    ]

    assert without == []


def test_the_package_lists_its_public_names_and_each_of_them_is_there():
    assert dir(nnsim) == sorted(nnsim.__all__)
    assert {"train", "new_network", "__version__"} <= set(dir(nnsim))
    assert [name for name in dir(nnsim) if not hasattr(nnsim, name)] == []


def test_only_empty_init_modules_are_empty(modules):
    empty = [path for path, tree in modules.items() if not tree.body]

    assert [path for path in empty if not path.endswith("__init__.py")] == []


def test_no_module_has_more_than_450_lines(texts, modules):
    lengths = {path: len(texts[path].splitlines()) for path in modules}

    assert {path: lines for path, lines in lengths.items() if lines > 450} == {}


def test_no_function_has_more_than_60_lines(modules):
    assert too_long(modules, FUNCTIONS, 60) == []


def test_no_class_has_more_than_300_lines(modules):
    assert too_long(modules, ast.ClassDef, 300) == []
