"""How long refits with 10,000 confirmed documents take, of types and of 50 tags: `python -m tests.tools.bench_refit`.

It has a database of its own. `--confirmed` and `--pending` say how many documents there are, `--tags` how many tags.
Each is done three times, as a worker does it.
"""

import os
from importlib import import_module

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "docintel.settings")
    django.setup()
    import_module("tests.tools.refit_documents").main()
