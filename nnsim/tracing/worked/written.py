"""The worked solution of a step as Markdown, LaTeX and HTML.

Each line says what a number is called, its formula in names, the same in numbers, and the result.
"""

from collections.abc import Iterator
from html import escape
from typing import TypeVar

from nnsim.tracing.quantity import Quantity
from nnsim.tracing.symbols import latex_symbol, words
from nnsim.tracing.trace import Trace
from nnsim.tracing.wording import on_paper
from nnsim.tracing.worked.latex_math import Latex, latex_number
from nnsim.tracing.worked.mathml import MathML, mathml_name, mathml_number
from nnsim.tracing.worked.plain_text import PlainText
from nnsim.tracing.worked.solution import Line, Section, lazily, solution

TITLE = "One training step"
Side = TypeVar("Side")
"""One of those that are equal, as text or in pieces of it."""

LATEX_HEAD = r"""\documentclass[11pt]{article}
\usepackage[a4paper,margin=2cm]{geometry}
\usepackage{amsmath}
% \quantity{name}{formula}, then \equals{formula} in the lines below it. They are paragraphs and no
% displays: there TeX ends a line wherever a long formula needs it.
\newlength{\namewidth}
\newcommand{\quantity}[2]{%
  \settowidth{\namewidth}{$\displaystyle #1$}\par\smallskip\equationline{$\displaystyle #1$}{#2}}
\newcommand{\equals}[1]{\equationline{\hspace*{\namewidth}}{#1}}
\newcommand{\equationline}[2]{%
  \par\hangindent=\dimexpr\namewidth+2em\relax #1$\displaystyle {}= #2$}
\setlength{\parindent}{0pt}
\setlength{\lineskip}{3pt}
\setlength{\lineskiplimit}{3pt}
\raggedright
\begin{document}
"""
HTML_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<title>{title}</title>
<style>
body {{ font: 16px/1.5 sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em; }}
p {{ margin: 0.6em 0; overflow-x: auto; }}
math {{ font-size: 1.1em; }}
</style>
</head>
<body>
<h1>{title}</h1>
"""


def markdown(trace: Trace) -> str:
    """Return the solution as Markdown, with formulas in plain text."""
    parts = [f"# {TITLE}"]
    for title, equations in plain_equations(trace):
        lines = [_markdown_line(sides) for sides in equations]
        parts.append("\n".join((f"## {title}\n", *lines)))
    return "\n\n".join(parts) + "\n"


def plain_equations(trace: Trace) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """Return the titles of the solution, each with its equations in plain text.

    An equation is a list of what is equal: the name, the formula in names and in numbers, and last
    the result.
    """
    values: dict[Quantity, float] = {}
    names = PlainText(lambda quantity: words(trace.network, quantity))
    numbers = PlainText(lambda quantity: on_paper(values[quantity]))

    def sides(line: Line) -> list[str]:
        values[line.quantity] = line.value
        steps = [words(trace.network, line.quantity)]
        if line.formula is not None:
            steps += _differing(names.write(line.formula), numbers.write(line.formula))
        shown = on_paper(line.value)
        return [*(step for step in steps if step != shown), shown]

    for title, lines in lazily(trace):
        yield title, map(sides, lines)


def _values(sections: list[Section]) -> dict[Quantity, float]:
    """The numbers that stand in the formulas."""
    return {line.quantity: line.value for section in sections for line in section.lines}


def _markdown_line(sides: list[str]) -> str:
    *steps, shown = sides
    return f"- {' = '.join(_escaped(step) for step in steps)} = **{shown}**"


def _differing(symbols: Side, numbers: Side) -> list[Side]:
    return [symbols] if symbols == numbers else [symbols, numbers]


def _escaped(text: str) -> str:
    """Let Markdown show a text as it is."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|" else sign for sign in text)


def latex(trace: Trace) -> str:
    """Return the solution as a LaTeX document, in the field's symbols; it needs amsmath."""
    sections = solution(trace)
    values = _values(sections)
    symbols = Latex(lambda quantity: latex_symbol(trace.network, quantity))
    numbers = Latex(lambda quantity: latex_number(values[quantity]))
    parts = [LATEX_HEAD, rf"\section*{{{TITLE}}}"]
    for section in sections:
        parts.append(rf"\subsection*{{{section.title}}}")
        parts += [_latex_line(trace, line, symbols, numbers) for line in section.lines]
    return "\n".join((*parts, r"\end{document}", ""))


def _latex_line(trace: Trace, line: Line, symbols: Latex, numbers: Latex) -> str:
    name, shown, steps = latex_symbol(trace.network, line.quantity), latex_number(line.value), []
    if line.formula is not None:
        steps = _differing(symbols.write(line.formula), numbers.write(line.formula))
    first, *rest = [*(step for step in steps if step != shown), shown]
    return "\n".join((rf"\quantity{{{name}}}{{{first}}}", *(rf"\equals{{{s}}}" for s in rest)))


def html(trace: Trace) -> str:
    """Return the solution as one HTML page with MathML, which browsers show without help."""
    sections = solution(trace)
    values = _values(sections)
    names = MathML(lambda quantity: mathml_name(words(trace.network, quantity)))
    numbers = MathML(lambda quantity: mathml_number(values[quantity]))
    parts = [HTML_HEAD.format(title=TITLE)]
    for section in sections:
        parts.append(f"<h2>{escape(section.title)}</h2>")
        parts += [_html_line(trace, line, names, numbers) for line in section.lines]
    return "\n".join((*parts, "</body>", "</html>", ""))


def _html_line(trace: Trace, line: Line, names: MathML, numbers: MathML) -> str:
    """An equation; browsers end its lines between formulas, but not within one."""
    shown, steps = mathml_number(line.value), []
    if line.formula is not None:
        steps = _differing(names.pieces(line.formula), numbers.pieces(line.formula))
    sides = [*(step for step in steps if step != [shown]), [shown]]
    pieces = [mathml_name(words(trace.network, line.quantity))]
    for first, *rest in sides:
        pieces += [f"<mo>=</mo>{first}", *rest]
    return f"<p>{' '.join(map(_math, pieces))}</p>"


def _math(formula: str) -> str:
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow>{formula}</mrow></math>'
