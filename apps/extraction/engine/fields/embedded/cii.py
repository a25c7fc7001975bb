"""UN/CEFACT Cross Industry Invoice and Order: ZUGFeRD 1 and 2, Factur-X, XRechnung (CII), Order-X."""

from typing import Final

from lxml import etree

from apps.extraction.engine.fields.embedded.statement import StatedLine, Statement
from apps.extraction.engine.fields.embedded.xml import amount_in, currency_of, every, one, text

INVOICES: Final = frozenset({"CrossIndustryInvoice", "CrossIndustryDocument"})
ORDERS: Final = frozenset({"SCRDMCCBDACIOMessageStructure", "CrossIndustryOrder"})

# Names of ZUGFeRD 1.0 and of the versions after it, which follow the schema of 2016.
_CONTEXT = "ExchangedDocumentContext|SpecifiedExchangedDocumentContext"
_HEADER = "ExchangedDocument|HeaderExchangedDocument"
_TRADE = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction"
_AGREEMENT = "ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement"
_SETTLEMENT = "ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement"
_TOTALS = "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
_ASSIGNED = "BuyerOrderReferencedDocument/IssuerAssignedID|ID"
_LINE_AGREEMENT = "SpecifiedLineTradeAgreement|SpecifiedSupplyChainTradeAgreement"
_LINE_DELIVERY = "SpecifiedLineTradeDelivery|SpecifiedSupplyChainTradeDelivery"
_LINE_SETTLEMENT = "SpecifiedLineTradeSettlement|SpecifiedSupplyChainTradeSettlement"
_LINE_TOTALS = "SpecifiedTradeSettlementLineMonetarySummation|SpecifiedTradeSettlementMonetarySummation"


def statement_of(root: etree._Element, *, is_order: bool) -> Statement:
    """Return what the document states."""
    trade = one(root, _TRADE)
    agreement, settlement = one(trade, _AGREEMENT), one(trade, _SETTLEMENT)
    totals = one(settlement, _TOTALS)
    currency = text(settlement, "InvoiceCurrencyCode", "OrderCurrencyCode") or currency_of(totals)
    accounts = "SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount"
    return Statement(
        syntax="cii",
        profile=text(root, f"{_CONTEXT}/GuidelineSpecifiedDocumentContextParameter/ID"),
        number=text(root, f"{_HEADER}/ID"),
        issued=text(root, f"{_HEADER}/IssueDateTime"),
        due=[text(term) for term in every(settlement, "SpecifiedTradePaymentTerms/DueDateDateTime")],
        order=text(agreement, _ASSIGNED),
        currency=currency,
        seller=_name(one(agreement, "SellerTradeParty")),
        seller_vat=_vat_id(one(agreement, "SellerTradeParty")),
        buyer=_name(one(agreement, "BuyerTradeParty")),
        accounts=[text(account, "IBANID") for account in every(settlement, accounts)],
        net=text(totals, "TaxBasisTotalAmount"),
        tax=amount_in(every(totals, "TaxTotalAmount"), currency),
        total=amount_in(every(totals, "GrandTotalAmount"), currency),
        is_order=is_order,
        lines=[_line(item) for item in every(trade, "IncludedSupplyChainTradeLineItem")],
    )


def _name(party: etree._Element | None) -> str:
    return text(party, "Name", "SpecifiedLegalOrganization/TradingBusinessName")


def _vat_id(party: etree._Element | None) -> str:
    numbers = every(party, "SpecifiedTaxRegistration/ID")
    return next((text(number) for number in numbers if number.get("schemeID") == "VA" and text(number)), "")


def _line(item: etree._Element) -> StatedLine:
    agreement, settlement = one(item, _LINE_AGREEMENT), one(item, _LINE_SETTLEMENT)
    price = one(agreement, "NetPriceProductTradePrice")
    if not text(price, "ChargeAmount"):
        price = one(agreement, "GrossPriceProductTradePrice")
    return StatedLine(
        description=text(item, "SpecifiedTradeProduct/Name", "SpecifiedTradeProduct/Description"),
        quantity=text(item, f"{_LINE_DELIVERY}/BilledQuantity|RequestedQuantity|AgreedQuantity"),
        unit_price=text(price, "ChargeAmount"),
        base_quantity=text(price, "BasisQuantity"),
        amount=text(settlement, f"{_LINE_TOTALS}/LineTotalAmount"),
        tax_rate=text(settlement, "ApplicableTradeTax/RateApplicablePercent|ApplicablePercent"),
    )
