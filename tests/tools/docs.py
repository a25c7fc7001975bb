"""Renews the generated parts of the documentation from the code: `python -m tests.tools.docs`, which `make docs` runs.

A generated part stands between `<!-- generated: NAME -->` and `<!-- end -->`; a test compares it with what comes out.
"""

import re
from collections.abc import Callable
from pathlib import Path

import grimp

from apps.pipeline.table import STEPS

ROOT = Path(__file__).resolve().parents[2]
PART = re.compile(r"(?P<begin><!-- generated: (?P<name>\w+) -->\n).*?(?P<end><!-- end -->)", re.DOTALL)


def imports_between_apps() -> dict[str, set[str]]:
    """Tell which apps' code imports which other apps directly."""
    graph = grimp.build_graph("apps", cache_dir=None)
    apps = graph.find_children("apps")
    for app in apps:
        graph.squash_module(app)
    return {_short(app): {_short(other) for other in graph.find_modules_directly_imported_by(app)} for app in apps}


def _short(module: str) -> str:
    return module.removeprefix("apps.")


def reduced(imports: dict[str, set[str]]) -> dict[str, set[str]]:
    """Leave out every arrow that follows from a chain of others (there are no circles)."""

    def reached(app: str) -> set[str]:
        return imports[app].union(*(reached(other) for other in imports[app]))

    return {app: used - set().union(*(reached(other) for other in used)) for app, used in imports.items()}


def layers() -> str:
    """Draw the apps and their imports as a Mermaid diagram, with the whole list below it."""
    imports = imports_between_apps()
    arrows = [f"    {app} --> {other}" for app, used in sorted(reduced(imports).items()) for other in sorted(used)]
    rows = [f"| `{app}` | {', '.join(sorted(used)) or 'nothing'} |" for app, used in sorted(imports.items())]
    drawing = ["```mermaid", "flowchart TD", *arrows, "```"]
    return "\n".join([*drawing, "", "| app | imports directly |", "|---|---|", *rows, ""])


def steps() -> str:
    """List the step table."""
    cells = [
        (f"`{step.name}`", ", ".join(step.after) or "upload", step.queue, step.rank, _size(step.pages_per_part))
        for step in STEPS
    ]
    rows = ["| {} | {} | {} | {} | {} |".format(*row) for row in cells]
    return "\n".join(["| step | after | queue | rank | pages a part |", "|---|---|---|---|---|", *rows, ""])


def _size(pages: int) -> str:
    return "all" if pages >= 1_000_000 else str(pages)


def decisions() -> str:
    """List the decision records by their titles."""
    lines = []
    for page in sorted((ROOT / "docs/adr").glob("[0-9]*.md")):
        heading = page.read_text(encoding="utf-8").partition("\n")[0]
        title = re.sub(r"^# (\d+[.:] )?", "", heading)
        lines.append(f"- [{page.name[:4]}: {title}]({page.name})\n")
    return "".join(lines)


PARTS: dict[str, Callable[[], str]] = {"layers": layers, "steps": steps, "decisions": decisions}
PAGES = ("docs/architecture.md", "docs/adr/README.md")


def renewed(text: str) -> str:
    """Write every generated part of a page anew."""
    return PART.sub(lambda match: f"{match['begin']}{PARTS[match['name']]()}{match['end']}", text)


def main() -> None:
    """Renew the pages."""
    for name in PAGES:
        page = ROOT / name
        before = page.read_text(encoding="utf-8")
        after = renewed(before)
        page.write_text(after, encoding="utf-8")
        print(f"{name}: {'as it was' if before == after else 'renewed'}")


if __name__ == "__main__":
    main()
