"""Formulas of Office Open XML (OMML) as LaTeX, the notation in which formulas are searched and rendered."""

import unicodedata
from collections.abc import Iterable
from typing import Final

from lxml import etree

from apps.extraction.engine.readers.office.opc import child_value, local_name

_OPERATORS: Final = {
    "×": r"\times",  # noqa: RUF001
    "·": r"\cdot",
    "÷": r"\div",
    "±": r"\pm",
    "∓": r"\mp",
    "∞": r"\infty",
    "≤": r"\leq",
    "≥": r"\geq",
    "≠": r"\neq",
    "≈": r"\approx",
    "≡": r"\equiv",
    "→": r"\rightarrow",
    "←": r"\leftarrow",
    "⇒": r"\Rightarrow",
    "⇔": r"\Leftrightarrow",
    "∈": r"\in",
    "∉": r"\notin",
    "⊂": r"\subset",
    "⊆": r"\subseteq",
    "\u222a": r"\cup",
    "∩": r"\cap",
    "∀": r"\forall",
    "∃": r"\exists",
    "∂": r"\partial",
    "∇": r"\nabla",
    "∑": r"\sum",
    "∏": r"\prod",
    "∫": r"\int",
    "∬": r"\iint",
    "∭": r"\iiint",
    "∮": r"\oint",
    "\u22c3": r"\bigcup",
    "⋂": r"\bigcap",
    "…": r"\ldots",
    "⋯": r"\cdots",
    "−": "-",  # noqa: RUF001
    "–": "-",  # noqa: RUF001
}
_ACCENTS: Final = {"̂": r"\hat", "̃": r"\tilde", "̅": r"\overline", "̄": r"\bar", "⃗": r"\vec", "̇": r"\dot", "̈": r"\ddot"}
_FUNCTIONS: Final = frozenset(
    [
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "arcsin",
        "arccos",
        "arctan",
        "sinh",
        "cosh",
        "tanh",
        "coth",
        "log",
        "ln",
        "lim",
        "exp",
        "max",
        "min",
        "sup",
        "inf",
        "det",
        "gcd",
    ]
)
_OPENING: Final = {"{": r"\{", "⟨": r"\langle", "‖": r"\|", "⌈": r"\lceil", "⌊": r"\lfloor", "": "."}
_CLOSING: Final = {"}": r"\}", "⟩": r"\rangle", "‖": r"\|", "⌉": r"\rceil", "⌋": r"\rfloor", "": "."}
_ROW_END: Final = r" \\ "
_GREEK_CAPITALS: Final = frozenset(
    ["Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"]
)


def latex_of(element: etree._Element) -> str:
    """Return a formula, or a part of one, as LaTeX without the dollar signs around it."""
    return "".join(_piece(child) for child in element if not local_name(child).endswith("Pr"))


def _piece(element: etree._Element) -> str:
    name = local_name(element)
    if name == "r":
        return _symbols(element.iterfind("{*}t"))
    maker = _MAKERS.get(name)
    return latex_of(element) if maker is None else maker(element)


def _symbols(texts: Iterable[etree._Element]) -> str:
    return "".join(_symbol(character) for text in texts for character in unicodedata.normalize("NFKC", text.text or ""))


def _symbol(character: str) -> str:
    known = _OPERATORS.get(character)
    if known is not None:
        return f"{known} " if known.startswith("\\") else known
    if not "\u0391" <= character <= "\u03c9":
        return character
    words = unicodedata.name(character, "").split()
    if len(words) != 4 or words[0] != "GREEK":
        return character
    name = words[3].lower()
    if words[1] == "SMALL":
        return f"\\{'lambda' if name == 'lamda' else name} "
    name = "Lambda" if name == "lamda" else name.capitalize()
    return f"\\{name} " if name in _GREEK_CAPITALS else character


def _of(element: etree._Element, name: str) -> str:
    child = element.find(f"{{*}}{name}")
    return "" if child is None else latex_of(child)


def _setting(element: etree._Element, properties: str, name: str) -> str | None:
    return child_value(element.find(f"{{*}}{properties}"), name)


def _base(element: etree._Element) -> str:
    """Return what an exponent stands on, grouped where it is more than a symbol of its own."""
    base = _of(element, "e")
    return f"{{{base}}}" if element.find("{*}e/{*}f") is not None else base


def _fraction(element: etree._Element) -> str:
    top, bottom = _of(element, "num"), _of(element, "den")
    kind = _setting(element, "fPr", "type")
    if kind == "noBar":
        return rf"\genfrac{{}}{{}}{{0pt}}{{}}{{{top}}}{{{bottom}}}"
    return f"{top}/{bottom}" if kind == "lin" else rf"\frac{{{top}}}{{{bottom}}}"


def _root(element: etree._Element) -> str:
    degree = _of(element, "deg")
    return rf"\sqrt[{degree}]{{{_of(element, 'e')}}}" if degree else rf"\sqrt{{{_of(element, 'e')}}}"


def _delimited(element: etree._Element) -> str:
    properties = element.find("{*}dPr")
    begin, end, between = (child_value(properties, name) for name in ("begChr", "endChr", "sepChr"))
    opening, closing = "(" if begin is None else begin, ")" if end is None else end
    inside = (between or "|").join(latex_of(child) for child in element.iterfind("{*}e"))
    return rf"\left{_OPENING.get(opening, opening)}{inside}\right{_CLOSING.get(closing, closing)}"


def _large_operator(element: etree._Element) -> str:
    sign = _setting(element, "naryPr", "chr") or "∫"
    low, high = _of(element, "sub"), _of(element, "sup")
    bounds = (f"_{{{low}}}" if low else "") + (f"^{{{high}}}" if high else "")
    return f"{_OPERATORS.get(sign, sign)}{bounds} {_of(element, 'e')}"


def _function(element: etree._Element) -> str:
    name = _of(element, "fName").strip()
    return f"\\{name}({_of(element, 'e')})" if name in _FUNCTIONS else f"{name}({_of(element, 'e')})"


def _accented(element: etree._Element) -> str:
    accent = _ACCENTS.get(_setting(element, "accPr", "chr") or "\u0302", r"\hat")
    return f"{accent}{{{_of(element, 'e')}}}"


def _limit(element: etree._Element, sign: str) -> str:
    base = _of(element, "e").strip()
    command = f"\\{base}" if base in _FUNCTIONS else base
    return f"{command}{sign}{{{_of(element, 'lim')}}}"


def _bar(element: etree._Element) -> str:
    over = _setting(element, "barPr", "pos") == "top"
    return rf"\{'over' if over else 'under'}line{{{_of(element, 'e')}}}"


def _matrix(element: etree._Element) -> str:
    rows = (" & ".join(latex_of(cell) for cell in row.iterfind("{*}e")) for row in element.iterfind("{*}mr"))
    return rf"\begin{{matrix}}{_ROW_END.join(rows)}\end{{matrix}}"


def _equations(element: etree._Element) -> str:
    rows = (latex_of(row) for row in element.iterfind("{*}e"))
    return rf"\begin{{array}}{{c}}{_ROW_END.join(rows)}\end{{array}}"


def _scripts(element: etree._Element) -> str:
    low, high = _of(element, "sub"), _of(element, "sup")
    tail = (f"_{{{low}}}" if element.find("{*}sub") is not None else "") + (
        f"^{{{high}}}" if element.find("{*}sup") is not None else ""
    )
    return f"{{}}{tail}{_of(element, 'e')}" if local_name(element) == "sPre" else f"{_base(element)}{tail}"


def _grouped(element: etree._Element) -> str:
    sign = _setting(element, "groupChrPr", "chr")
    return rf"\underbrace{{{_of(element, 'e')}}}" if sign in {None, "⏟"} else _of(element, "e")


_MAKERS: Final = {
    "f": _fraction,
    "sSup": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "sPre": _scripts,
    "rad": _root,
    "d": _delimited,
    "nary": _large_operator,
    "func": _function,
    "acc": _accented,
    "bar": _bar,
    "limLow": lambda element: _limit(element, "_"),
    "limUpp": lambda element: _limit(element, "^"),
    "m": _matrix,
    "eqArr": _equations,
    "groupChr": _grouped,
}
