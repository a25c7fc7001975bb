"""How long a refit with 10,000 confirmed documents takes: `python -m tests.tools.bench_refit`, in its own database.

`--confirmed` and `--pending` say how many documents there are. It is done three times, as a worker does it.
"""

import os
from importlib import import_module

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "docintel.settings")
    django.setup()
    import_module("tests.tools.refit_documents").main()
