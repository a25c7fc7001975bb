"""What labelled collections say of their documents, in the keys and forms of this product."""

from collections.abc import Callable
from typing import Any

from apps.extraction.engine.fields.normalise.amounts import amount_of
from apps.extraction.engine.fields.normalise.dates import date_of
from apps.extraction.engine.fields.ranking.schemas import FIELDS, Schema

_DATES = frozenset({"issue_date", "due_date", "date"})
_AMOUNTS = frozenset({"net_total", "tax_total", "grand_total", "total"})


def truth_of(found: dict[str, Any]) -> tuple[Schema, dict[str, str]] | None:
    """Return the schema and the values of a truth file, None for what is no invoice or receipt.

    Besides this product's own form, `{"type": "invoice", "fields": {key: value}}`, the forms of the public collections
    are understood: SROIE, Odoo's demonstration invoices, invoice2data, and values taken from e-invoices.
    """
    if found.get("type") in FIELDS:
        schema: Schema = found["type"]
        return schema, _normalised(found["fields"])
    reader = _READERS.get(str(found.get("schema")))
    if reader is None:
        return None
    schema, values = reader(found)
    return schema, _normalised(values)


def _normalised(values: dict[str, Any]) -> dict[str, str]:
    told = {key: str(value) for key, value in values.items() if value not in (None, "")}
    forms = {key: _form(key, value) for key, value in told.items()}
    return {key: value for key, value in forms.items() if value}


def _form(key: str, value: str) -> str | None:
    if key in _DATES:
        compact = len(value) == 8 and value.isdigit()
        return date_of(f"{value[:4]}-{value[4:6]}-{value[6:]}" if compact else value)
    return amount_of(value, mark=".") if key in _AMOUNTS else value


def _sroie(found: dict[str, Any]) -> tuple[Schema, dict[str, Any]]:
    fields = found["fields"]
    return "receipt", {
        "merchant_name": fields.get("company"),
        "merchant_address": fields.get("address"),
        "date": fields.get("date"),
        "total": fields.get("total"),
    }


def _odoo(found: dict[str, Any]) -> tuple[Schema, dict[str, Any]]:
    fields = found["fields"]
    return "invoice", {
        "seller_name": fields.get("supplier"),
        "invoice_number": fields.get("invoice_number"),
        "issue_date": fields.get("invoice_date"),
        "due_date": fields.get("invoice_date_due"),
        "net_total": fields.get("total_untaxed"),
        "tax_total": fields.get("tax_amount"),
        "order_reference": fields.get("po_number"),
    }


def _invoice2data(found: dict[str, Any]) -> tuple[Schema, dict[str, Any]]:
    record = found["records"][0] if found["records"] else {}
    return "invoice", {
        "seller_name": record.get("issuer"),
        "invoice_number": record.get("invoice_number"),
        "issue_date": record.get("date"),
        "grand_total": record.get("amount"),
        "currency": record.get("currency"),
    }


def _einvoice(found: dict[str, Any]) -> tuple[Schema, dict[str, Any]]:
    totals, seller, buyer = found.get("totals") or {}, found.get("seller") or {}, found.get("buyer") or {}
    return "invoice", {
        "invoice_number": found.get("invoice_number"),
        "issue_date": found.get("issue_date"),
        "due_date": found.get("due_date"),
        "order_reference": found.get("order_reference"),
        "currency": found.get("currency"),
        "seller_name": seller.get("name"),
        "seller_vat_id": seller.get("vat"),
        "buyer_name": buyer.get("name"),
        "iban": found.get("iban"),
        "net_total": totals.get("tax_basis"),
        "tax_total": totals.get("tax"),
        "grand_total": totals.get("grand_total"),
    }


_READERS: dict[str, Callable[[dict[str, Any]], tuple[Schema, dict[str, Any]]]] = {
    "sroie": _sroie,
    "odoo_invoice": _odoo,
    "invoice2data": _invoice2data,
    "einvoice": _einvoice,
}
