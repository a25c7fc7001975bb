"""A French invoice: two tax rates, SIRET and intra-community VAT number, the mentions the law asks for."""

from datetime import date, timedelta

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Spacer

from apps.pipeline.samples.model import Sample, Truth, table_truth
from apps.pipeline.samples.numbers import amount, french_vat, iban, long_date, short_date, spaced
from apps.pipeline.samples.pdf import CENTRE, GREY, RIGHT, Box, Command, Meta, build_pdf, lines, table, text_style
from apps.pipeline.samples.trade import Bill, document_fields, item

AGE_DAYS = 27
SELLER = "Atelier Beaumarchand SARL"
BUYER = "Hôtel du Vieux Lavoir SAS"
SIREN = "999204417"
VAT_ID = french_vat(SIREN)
IBAN = iban("FR", "99999000410317720045Z27")
BLUE = "#1d3f8f"
BILL = Bill(
    [
        item("Fauteuil crapaud, tissu côtelé vert", "6", "348.00", "20", code="FC-06"),
        item("Tête de lit capitonnée 160 cm", "10", "415.50", "20", code="TL-16"),
        item("Pose et finitions sur place (heures)", "22", "48.00", "10", code="MO-10"),
        item("Rideaux occultants, la paire", "18", "129.90", "20", code="RO-02"),
        item("Dépose de l'ancien mobilier (forfait)", "1", "380.00", "10", code="MO-11"),
    ]
)
MENTIONS = (
    "Pas d'escompte pour règlement anticipé. En cas de retard de paiement, une pénalité égale à trois fois le taux "
    "d'intérêt légal sera exigible, ainsi qu'une indemnité forfaitaire de 40 € pour frais de recouvrement "
    "(article D. 441-5 du Code de commerce)."
)


def make(today: date) -> Sample:
    """Return the invoice as it came in `AGE_DAYS` before `today`."""
    issued = today - timedelta(days=AGE_DAYS + 2)
    due = issued + timedelta(days=30)
    number = f"F{issued:%Y%m}-037"
    rows = _rows()
    content = build_pdf(
        _story(issued, due, rows),
        Meta(f"Facture {number}", SELLER, issued, "fr"),
        first=[Box(20, 40, 170, 170)],
        paint=lambda canvas, _page: _paint(canvas, number, issued),
    )
    fields = {
        "invoice_number": number,
        "issue_date": issued.isoformat(),
        "due_date": due.isoformat(),
        "order_reference": "DV-0188",
        "currency": "EUR",
        "seller_name": SELLER,
        "seller_vat_id": VAT_ID,
        "buyer_name": BUYER,
        "iban": IBAN,
        **BILL.totals(),
        **document_fields(SELLER, issued),
    }
    return Sample(
        name=f"Facture_{number}.pdf",
        content=content,
        title=f"Facture {number} Atelier Beaumarchand",
        media_type="application/pdf",
        tags=("accounting", "renovation"),
        received_days_ago=AGE_DAYS,
        truth=Truth(
            type="invoice",
            language="fr",
            text_contains=(number, BUYER, "Tête de lit capitonnée 160 cm", "Net à payer", spaced(VAT_ID[4:], 3)),
            fields=fields,
            line_items=BILL.line_items(),
            tables=(table_truth(rows),),
        ),
    )


def _rows() -> list[list[str]]:
    header = ["Réf.", "Désignation", "Qté", "P.U. HT", "TVA", "Total HT"]
    return [header] + [
        [
            line.code,
            line.description,
            str(line.quantity),
            f"{amount(line.unit_price, 'fr')} €",
            f"{line.tax_rate} %",
            f"{amount(line.amount, 'fr')} €",
        ]
        for line in BILL.items
    ]


def _story(issued: date, due: date, rows: list[list[str]]) -> list[Flowable]:
    body = text_style(9, leading=12.5, after=4)
    columns: list[Command] = [
        ("FONT", (0, 0), (-1, -1), "Helvetica", 9),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 9),
        ("BACKGROUND", (0, 0), (-1, 0), BLUE),
        ("TEXTCOLOR", (0, 0), (-1, 0), "#ffffff"),
        ("BOX", (0, 0), (-1, -1), 0.6, BLUE),
        ("INNERGRID", (0, 0), (-1, -1), 0.3, "#b9c5e2"),
        ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
        ("LEFTPADDING", (0, 0), (-1, -1), 5),
        ("RIGHTPADDING", (0, 0), (-1, -1), 5),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
    ]
    terms = (
        f"Date d'échéance : <b>{short_date(due, 'fr')}</b> (30 jours date de facture)<br/>"
        f"Règlement par virement<br/>IBAN : {spaced(IBAN)}<br/>BIC : FICTFR99XXX"
    )
    return [
        Paragraph("Objet : ameublement des chambres du premier étage, devis DV-0188", body),
        Paragraph(f"Travaux achevés le {long_date(issued - timedelta(days=4), 'fr')}.", body),
        Spacer(0, 8),
        table(rows, [18, 72, 12, 26, 15, 27], columns, repeat=1),
        Spacer(0, 12),
        table([[Paragraph(terms, body), _totals()]], [90, 80]),
        Spacer(0, 26),
        Paragraph(MENTIONS, text_style(7.5, colour=GREY, leading=10)),
    ]


def _totals() -> Flowable:
    taxes = [[f"TVA {rate} %", f"{amount(tax, 'fr')} €"] for rate, tax in BILL.taxes.items()]
    rows = [
        ["Total HT", f"{amount(BILL.net_total, 'fr')} €"],
        *taxes,
        ["Total TVA", f"{amount(BILL.tax_total, 'fr')} €"],
        ["Net à payer TTC", f"{amount(BILL.grand_total, 'fr')} €"],
    ]
    look: list[Command] = [
        ("FONT", (0, 0), (-1, -2), "Helvetica", 9.5),
        ("FONT", (0, -1), (-1, -1), "Helvetica-Bold", 11),
        ("TEXTCOLOR", (0, -1), (-1, -1), BLUE),
        ("ALIGN", (1, 0), (1, -1), "RIGHT"),
        ("LINEABOVE", (0, -1), (-1, -1), 0.8, BLUE),
        ("RIGHTPADDING", (1, 0), (1, -1), 5),
    ]
    return table(rows, [44, 36], look, align="RIGHT")


def _paint(canvas: Canvas, number: str, issued: date) -> None:
    canvas.setStrokeColor(HexColor(BLUE))
    canvas.setLineWidth(1.6)
    for inset in (0, 2.2, 4.4):
        canvas.arc((20 + inset) * mm, (262 + inset) * mm, (40 - inset) * mm, (282 - inset) * mm, 20, 320)
    lines(canvas, ["Atelier", "Beaumarchand"], (45, 274.5), font="Times-Italic", size=18, colour=BLUE, leading=19)
    contact = ["Tapissier décorateur", "12 bis, rue des Peupliers", "37099 Tours-Fictif", "01 99 00 41 17"]
    lines(canvas, contact, (20, 254), size=8.5, colour=GREY, leading=11.5)
    lines(canvas, ["FACTURE"], (190, 276), font="Helvetica-Bold", size=22, colour=BLUE, align=RIGHT)
    lines(canvas, [f"N° {number}", f"Date : {short_date(issued, 'fr')}"], (190, 269), size=10, align=RIGHT)
    canvas.setFillColor(HexColor("#eef2fb"))
    canvas.roundRect(110 * mm, 222 * mm, 80 * mm, 32 * mm, 2 * mm, stroke=0, fill=1)
    lines(canvas, ["Facturé à"], (115, 248), size=8, colour=GREY)
    lines(canvas, [BUYER, "Madame Odile Tranchemer", "3, quai du Lavoir", "37098 Rivebelle"], (115, 242.5), size=10)
    legal = [
        f"{SELLER} au capital de 8 000 € · SIRET {spaced(SIREN, 3)} 00018 · RCS Tours {spaced(SIREN, 3)}",
        f"TVA intracommunautaire : {VAT_ID[:2]} {VAT_ID[2:4]} {spaced(VAT_ID[4:], 3)} · contact@beaumarchand.example",
    ]
    lines(canvas, legal, (105, 24), size=7.5, colour=GREY, align=CENTRE, leading=10)
