"""How soon a type of one's own is found: `python -m tests.tools.bench_own_types --data FOLDER [--cache FOLDER]`.

Each type that the shipped head learned is taken out in turn and added as people add one, by its name and one sentence;
then 1, 5 and 20 of its documents are confirmed beside at most three of every other type. FOLDER as for `train_types`.
"""

import os
from importlib import import_module

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "docintel.settings")
    django.setup()
    import_module("tests.tools.own_types").main()
