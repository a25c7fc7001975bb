"""The XML of e-invoices: UN/CEFACT CII as Factur-X carries it in a PDF, OASIS UBL as XRechnung and Peppol send it."""

import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import pikepdf
from lxml import etree
from lxml.builder import ElementMaker

from apps.pipeline.samples.trade import Bill, Item

FACTUR_X: Final = "urn:cen.eu:en16931:2017"
XRECHNUNG: Final = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
_CII = "urn:un:unece:uncefact:data:standard"
_RSM = ElementMaker(
    namespace=f"{_CII}:CrossIndustryInvoice:100",
    nsmap={
        "rsm": f"{_CII}:CrossIndustryInvoice:100",
        "ram": f"{_CII}:ReusableAggregateBusinessInformationEntity:100",
        "udt": f"{_CII}:UnqualifiedDataType:100",
    },
)
_RAM = ElementMaker(namespace=f"{_CII}:ReusableAggregateBusinessInformationEntity:100")
_UDT = ElementMaker(namespace=f"{_CII}:UnqualifiedDataType:100")
_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
_CAC = ElementMaker(namespace=f"{_UBL}:CommonAggregateComponents-2")
_CBC = ElementMaker(namespace=f"{_UBL}:CommonBasicComponents-2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who sells or buys; `country` by its two letters."""

    name: str
    street: str
    postcode: str
    city: str
    country: str
    vat_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """What an e-invoice says beside its lines."""

    number: str
    issued: date
    due: date
    order: str
    currency: str
    seller: Party
    buyer: Party
    iban: str
    bill: Bill


def cii(invoice: Invoice) -> bytes:
    """Return the invoice as UN/CEFACT Cross Industry Invoice (D16B) in the profile of EN 16931."""
    root = _RSM.CrossIndustryInvoice(
        _RSM.ExchangedDocumentContext(_RAM.GuidelineSpecifiedDocumentContextParameter(_RAM.ID(FACTUR_X))),
        _RSM.ExchangedDocument(
            _RAM.ID(invoice.number), _RAM.TypeCode("380"), _RAM.IssueDateTime(_moment(invoice.issued))
        ),
        _RSM.SupplyChainTradeTransaction(
            *(_cii_line(place, line) for place, line in enumerate(invoice.bill.items, start=1)),
            _RAM.ApplicableHeaderTradeAgreement(
                _RAM.SellerTradeParty(*_cii_party(invoice.seller)),
                _RAM.BuyerTradeParty(*_cii_party(invoice.buyer)),
                _RAM.BuyerOrderReferencedDocument(_RAM.IssuerAssignedID(invoice.order)),
            ),
            _RAM.ApplicableHeaderTradeDelivery(),
            _cii_settlement(invoice),
        ),
    )
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _cii_settlement(invoice: Invoice) -> etree._Element:
    bill, currency = invoice.bill, invoice.currency
    account = _RAM.PayeePartyCreditorFinancialAccount(_RAM.IBANID(invoice.iban))
    return _RAM.ApplicableHeaderTradeSettlement(
        _RAM.InvoiceCurrencyCode(currency),
        _RAM.SpecifiedTradeSettlementPaymentMeans(_RAM.TypeCode("58"), account),
        *(
            _RAM.ApplicableTradeTax(
                _RAM.CalculatedAmount(str(tax)),
                _RAM.TypeCode("VAT"),
                _RAM.BasisAmount(str(bill.net_of(rate))),
                _RAM.CategoryCode("S"),
                _RAM.RateApplicablePercent(str(rate)),
            )
            for rate, tax in bill.taxes.items()
        ),
        _RAM.SpecifiedTradePaymentTerms(_RAM.DueDateDateTime(_moment(invoice.due))),
        _RAM.SpecifiedTradeSettlementHeaderMonetarySummation(
            _RAM.LineTotalAmount(str(bill.net_total)),
            _RAM.TaxBasisTotalAmount(str(bill.net_total)),
            _RAM.TaxTotalAmount(str(bill.tax_total), currencyID=currency),
            _RAM.GrandTotalAmount(str(bill.grand_total)),
            _RAM.DuePayableAmount(str(bill.grand_total)),
        ),
    )


def _cii_line(place: int, line: Item) -> etree._Element:
    return _RAM.IncludedSupplyChainTradeLineItem(
        _RAM.AssociatedDocumentLineDocument(_RAM.LineID(str(place))),
        _RAM.SpecifiedTradeProduct(_RAM.Name(line.description)),
        _RAM.SpecifiedLineTradeAgreement(_RAM.NetPriceProductTradePrice(_RAM.ChargeAmount(str(line.unit_price)))),
        _RAM.SpecifiedLineTradeDelivery(_RAM.BilledQuantity(str(line.quantity), unitCode="H87")),
        _RAM.SpecifiedLineTradeSettlement(
            _RAM.ApplicableTradeTax(
                _RAM.TypeCode("VAT"), _RAM.CategoryCode("S"), _RAM.RateApplicablePercent(str(line.tax_rate))
            ),
            _RAM.SpecifiedTradeSettlementLineMonetarySummation(_RAM.LineTotalAmount(str(line.amount))),
        ),
    )


def _cii_party(party: Party) -> list[etree._Element]:
    address = _RAM.PostalTradeAddress(
        _RAM.PostcodeCode(party.postcode),
        _RAM.LineOne(party.street),
        _RAM.CityName(party.city),
        _RAM.CountryID(party.country),
    )
    taxes = [_RAM.SpecifiedTaxRegistration(_RAM.ID(party.vat_id, schemeID="VA"))] if party.vat_id else []
    return [_RAM.Name(party.name), address, *taxes]


def _moment(day: date) -> etree._Element:
    return _UDT.DateTimeString(f"{day:%Y%m%d}", format="102")


def ubl(invoice: Invoice) -> bytes:
    """Return the invoice as OASIS UBL 2.1 in the profile XRechnung."""
    bill = invoice.bill
    maker = ElementMaker(
        namespace=f"{_UBL}:Invoice-2",
        nsmap={
            None: f"{_UBL}:Invoice-2",
            "cac": f"{_UBL}:CommonAggregateComponents-2",
            "cbc": f"{_UBL}:CommonBasicComponents-2",
        },
    )
    account = _CAC.PayeeFinancialAccount(_CBC.ID(invoice.iban))
    root = maker.Invoice(
        _CBC.CustomizationID(XRECHNUNG),
        _CBC.ID(invoice.number),
        _CBC.IssueDate(invoice.issued.isoformat()),
        _CBC.DueDate(invoice.due.isoformat()),
        _CBC.InvoiceTypeCode("380"),
        _CBC.DocumentCurrencyCode(invoice.currency),
        _CAC.OrderReference(_CBC.ID(invoice.order)),
        _CAC.AccountingSupplierParty(_ubl_party(invoice.seller)),
        _CAC.AccountingCustomerParty(_ubl_party(invoice.buyer)),
        _CAC.PaymentMeans(_CBC.PaymentMeansCode("58"), account),
        _CAC.TaxTotal(_money("TaxAmount", bill.tax_total, invoice)),
        _CAC.LegalMonetaryTotal(
            _money("LineExtensionAmount", bill.net_total, invoice),
            _money("TaxExclusiveAmount", bill.net_total, invoice),
            _money("TaxInclusiveAmount", bill.grand_total, invoice),
            _money("PayableAmount", bill.grand_total, invoice),
        ),
        *(_ubl_line(place, line, invoice) for place, line in enumerate(bill.items, start=1)),
    )
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _ubl_line(place: int, line: Item, invoice: Invoice) -> etree._Element:
    scheme = _CAC.TaxScheme(_CBC.ID("VAT"))
    category = _CAC.ClassifiedTaxCategory(_CBC.ID("S"), _CBC.Percent(str(line.tax_rate)), scheme)
    return _CAC.InvoiceLine(
        _CBC.ID(str(place)),
        _CBC.InvoicedQuantity(str(line.quantity), unitCode="H87"),
        _money("LineExtensionAmount", line.amount, invoice),
        _CAC.Item(_CBC.Name(line.description), category),
        _CAC.Price(_money("PriceAmount", line.unit_price, invoice)),
    )


def _ubl_party(party: Party) -> etree._Element:
    scheme = _CAC.TaxScheme(_CBC.ID("VAT"))
    taxes = [_CAC.PartyTaxScheme(_CBC.CompanyID(party.vat_id), scheme)] if party.vat_id else []
    return _CAC.Party(
        _CAC.PostalAddress(
            _CBC.StreetName(party.street),
            _CBC.CityName(party.city),
            _CBC.PostalZone(party.postcode),
            _CAC.Country(_CBC.IdentificationCode(party.country)),
        ),
        *taxes,
        _CAC.PartyLegalEntity(_CBC.RegistrationName(party.name)),
    )


def _money(name: str, value: Decimal, invoice: Invoice) -> etree._Element:
    return _CBC(name, str(value), currencyID=invoice.currency)


def with_attachment(pdf: bytes, name: str, xml: bytes, day: date) -> bytes:
    """Return the PDF with an XML file attached as an alternative of itself, as PDF/A-3 has it."""
    result = io.BytesIO()
    moment = pikepdf.String(f"D:{day:%Y%m%d}090000Z")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        stream = pikepdf.Stream(document, xml)
        stream["/Type"] = pikepdf.Name("/EmbeddedFile")
        stream["/Subtype"] = pikepdf.Name("/text/xml")
        stream["/Params"] = pikepdf.Dictionary(Size=len(xml), ModDate=moment)
        file = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name("/Filespec"),
                F=pikepdf.String(name),
                UF=pikepdf.String(name),
                AFRelationship=pikepdf.Name("/Alternative"),
                EF=pikepdf.Dictionary(F=document.make_indirect(stream), UF=document.make_indirect(stream)),
            )
        )
        files = pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String(name), file]))
        document.Root["/Names"] = pikepdf.Dictionary(EmbeddedFiles=files)
        document.Root["/AF"] = pikepdf.Array([file])
        document.save(result, deterministic_id=True)
    return result.getvalue()
