"""E-invoices made on the spot, in every syntax and version, all saying the same."""

import re
from datetime import date

from apps.pipeline.samples.einvoice_xml import Invoice, Party, cii, ubl
from apps.pipeline.samples.trade import Bill, item

INVOICE = Invoice(
    number="RE-2026/417",
    issued=date(2026, 3, 5),
    due=date(2026, 4, 4),
    order="PO-20871",
    currency="EUR",
    seller=Party(
        name="Brückner & Söhne GmbH",
        street="Lindenstr. 48",
        postcode="99089",
        city="Erfurt",
        country="DE",
        vat_id="DE136695976",
    ),
    buyer=Party(name="Fuchs AG", street="Marktplatz 7", postcode="99084", city="Erfurt", country="DE"),
    iban="DE89370400440532013000",
    bill=Bill([item("Kopierpapier A4", "12", "27.95", "19"), item("Handbuch, 4. Auflage", "2", "64.49", "7")]),
)
LINES = [
    {
        "description": "Kopierpapier A4",
        "quantity": "12",
        "unit_price": "27.95",
        "amount": "335.40",
        "tax_rate": "19",
    },
    {
        "description": "Handbuch, 4. Auflage",
        "quantity": "2",
        "unit_price": "64.49",
        "amount": "128.98",
        "tax_rate": "7",
    },
]
TRUTH = {
    "invoice_number": "RE-2026/417",
    "issue_date": "2026-03-05",
    "due_date": "2026-04-04",
    "order_reference": "PO-20871",
    "currency": "EUR",
    "seller_name": "Brückner & Söhne GmbH",
    "seller_vat_id": "DE136695976",
    "buyer_name": "Fuchs AG",
    "iban": "DE89370400440532013000",
    "net_total": "464.38",
    "tax_total": "72.76",
    "grand_total": "537.14",
    "line_items": LINES,
    "sender": "Brückner & Söhne GmbH",
    "document_date": "2026-03-05",
}


def factur_x() -> str:
    """Return a Cross Industry Invoice as Factur-X and ZUGFeRD 2 have it."""
    return cii(INVOICE).decode()


def zugferd_1() -> str:
    """Return the invoice as ZUGFeRD 1.0 had it: other namespaces, other names for the same things."""
    text = factur_x()
    text = text.replace("data:standard:CrossIndustryInvoice:100", "ferd:CrossIndustryDocument:invoice:1p0")
    text = text.replace("InformationEntity:100", "InformationEntity:12").replace("DataType:100", "DataType:15")
    for new, old in (
        ("CrossIndustryInvoice", "CrossIndustryDocument"),
        ("ExchangedDocumentContext", "SpecifiedExchangedDocumentContext"),
        ("ExchangedDocument", "HeaderExchangedDocument"),
        ("SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction"),
        ("ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement"),
        ("ApplicableHeaderTradeDelivery", "ApplicableSupplyChainTradeDelivery"),
        ("ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement"),
        ("SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation"),
        ("SpecifiedLineTradeAgreement", "SpecifiedSupplyChainTradeAgreement"),
        ("SpecifiedLineTradeDelivery", "SpecifiedSupplyChainTradeDelivery"),
        ("SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement"),
        ("SpecifiedTradeSettlementLineMonetarySummation", "SpecifiedTradeSettlementMonetarySummation"),
        ("RateApplicablePercent", "ApplicablePercent"),
        ("IssuerAssignedID", "ID"),
    ):
        text = re.sub(rf"(</?(?:rsm|ram):){new}(?=[ >/])", rf"\1{old}", text)
    return text


def order_x() -> str:
    """Return it as an Order-X, which the buyer sends."""
    text = factur_x().replace("CrossIndustryInvoice", "SCRDMCCBDACIOMessageStructure")
    for new, old in (("InvoiceCurrencyCode", "OrderCurrencyCode"), ("BilledQuantity", "RequestedQuantity")):
        text = text.replace(new, old)
    return text


def xrechnung() -> str:
    """Return a UBL invoice."""
    return ubl(INVOICE).decode()


def credit_note() -> str:
    """Return it as a UBL credit note."""
    text = xrechnung().replace("xsd:Invoice-2", "xsd:CreditNote-2").replace("InvoicedQuantity", "CreditedQuantity")
    text = text.replace("InvoiceLine>", "CreditNoteLine>").replace("<Invoice ", "<CreditNote ")
    return text.replace("</Invoice>", "</CreditNote>")
