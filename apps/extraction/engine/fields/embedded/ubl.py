"""OASIS UBL 2 invoices and credit notes: XRechnung, Peppol BIS, NLCIUS, EHF and their like."""

from typing import Final

from lxml import etree

from apps.extraction.engine.fields.embedded.statement import StatedLine, Statement
from apps.extraction.engine.fields.embedded.xml import amount_in, currency_of, every, one, text
from apps.extraction.engine.fields.normalise.identifiers import iban

ROOTS: Final = frozenset({"Invoice", "CreditNote"})
NAMESPACE: Final = "specification:ubl:"
_DUE = ("DueDate", "PaymentMeans/PaymentDueDate", "PaymentTerms/PaymentDueDate")
_NOT_APPLICABLE = "NA"  # what Peppol writes for an order's number that nobody knows


def statement_of(root: etree._Element) -> Statement:
    """Return what the document states."""
    seller, buyer = one(root, "AccountingSupplierParty/Party"), one(root, "AccountingCustomerParty/Party")
    totals = one(root, "LegalMonetaryTotal")
    currency = text(root, "DocumentCurrencyCode") or currency_of(totals)
    order = text(root, "OrderReference/ID")
    accounts = [text(account) for account in every(root, "PaymentMeans/PayeeFinancialAccount/ID")]
    return Statement(
        syntax="ubl",
        profile=text(root, "CustomizationID"),
        number=text(root, "ID"),
        issued=text(root, "IssueDate"),
        due=[text(day) for path in _DUE for day in every(root, path)],
        order="" if order == _NOT_APPLICABLE else order,
        currency=currency,
        seller=_name(seller),
        seller_vat=_vat_id(seller),
        buyer=_name(buyer),
        accounts=[account for account in accounts if iban(account)],  # others are numbers of one country
        net=text(totals, "TaxExclusiveAmount", "LineExtensionAmount"),
        tax=amount_in(every(root, "TaxTotal/TaxAmount"), currency),
        total=text(totals, "TaxInclusiveAmount", "PayableAmount"),
        lines=[_line(item) for item in every(root, "InvoiceLine|CreditNoteLine")],
    )


def _name(party: etree._Element | None) -> str:
    return text(party, "PartyLegalEntity/RegistrationName", "PartyName/Name")


def _vat_id(party: etree._Element | None) -> str:
    schemes = every(party, "PartyTaxScheme")
    known = [scheme for scheme in schemes if text(scheme, "TaxScheme/ID").upper() in {"VAT", ""}]
    return next((text(scheme, "CompanyID") for scheme in known if text(scheme, "CompanyID")), "")


def _line(item: etree._Element) -> StatedLine:
    return StatedLine(
        description=text(item, "Item/Name", "Item/Description"),
        quantity=text(item, "InvoicedQuantity|CreditedQuantity"),
        unit_price=text(item, "Price/PriceAmount"),
        base_quantity=text(item, "Price/BaseQuantity"),
        amount=text(item, "LineExtensionAmount"),
        tax_rate=text(
            item,
            "Item/ClassifiedTaxCategory/Percent",
            "TaxTotal/TaxSubtotal/TaxCategory/Percent",
            "TaxTotal/TaxSubtotal/Percent",
        ),
    )
