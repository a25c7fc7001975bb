#!/usr/bin/env python
"""The command line of docintel."""

import os
import sys


def main() -> None:
    """Run a management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "docintel.settings")
    if sys.argv[1:2] == ["analyze"]:
        from apps.pipeline.management.commands.analyze import run_alone  # noqa: PLC0415  (as below)

        run_alone(sys.argv)
        return
    from django.core.management import execute_from_command_line  # noqa: PLC0415  (settings must be named first)

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
