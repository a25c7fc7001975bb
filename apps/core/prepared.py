"""Queries that are compiled once a process: to say them takes Django longer than it takes PostgreSQL to answer.

For what is asked with every part of the work or every request; everything else is an ordinary queryset.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class _Slot:
    """Where a value goes among a statement's parameters."""

    name: str


class Given(Expression):
    """Stands in a filter for a value that is known when the query is asked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Give a placeholder."""
        del compiler, connection
        return "%s", (_Slot(self.name),)


class _Plan(Generic[M]):
    """A compiled queryset, and how its rows become objects, as `ModelIterable` of Django works it out each time."""

    def __init__(self, queryset: QuerySet[M]) -> None:
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.params = compiler.as_sql()
        info = compiler.klass_info
        fields = info["select_fields"]
        self._columns = slice(fields[0], fields[-1] + 1)
        self._attributes = [column[0].target.attname for column in compiler.select[self._columns]]
        self._related = get_related_populators(info, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # stubs of a later Django
        said = [column[0] for column in compiler.select]
        self._converters = list(compiler.get_converters(said).items())
        self.model: Any = queryset.model
        self.locks = queryset.query.select_for_update

    def objects(self, rows: list[tuple[Any, ...]]) -> list[M]:
        """Make objects of rows as the database gives them."""
        found = []
        for row in map(self._converted, rows):
            item = self.model.from_db(DEFAULT_DB_ALIAS, self._attributes, row[self._columns])
            for related in self._related:
                related.populate(row, item)
            found.append(item)
        return found

    def _converted(self, row: tuple[Any, ...]) -> Sequence[Any]:
        # With the connection of now: the compiler's is that of the thread that asked first, and would stay open for it.
        values = list(row)
        for place, (functions, expression) in self._converters:
            for function in functions:
                values[place] = function(values[place], expression, connection)
        return values


class Prepared(Generic[M]):
    """A queryset of whole objects, `select_related` included, with `Given` values in its filters.

    `make` is called when the query is asked first. A value may not be None, which SQL compares with nothing.
    """

    def __init__(self, make: Callable[[], QuerySet[M]]) -> None:
        self._make = make

    @cached_property
    def _plan(self) -> _Plan[M]:
        return _Plan(self._make())

    def rows(self, **given: object) -> list[M]:
        """Return what the query finds with these values."""
        plan = self._plan
        if plan.locks and not connection.in_atomic_block:
            raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        params: list[Any] = [given[each.name] if isinstance(each, _Slot) else each for each in plan.params]
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, params)
            return plan.objects(cursor.fetchall())

    def first(self, **given: object) -> M | None:
        """Return the first row, None without any; no others are left out, so the queryset should find few."""
        return next(iter(self.rows(**given)), None)

    def one(self, **given: object) -> M:
        """Return the only row; raises the model's DoesNotExist."""
        found = self.first(**given)
        if found is None:
            raise self._plan.model.DoesNotExist
        return found
