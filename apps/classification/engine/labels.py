"""The document types known out of the box: slug, title, descriptions for the encoder and the words a type calls itself by."""

from dataclasses import dataclass

OTHER = "other"


@dataclass(frozen=True, slots=True)
class TypeLabel:
    """One document type.

    `descriptions` are compared with a document by the encoder; `names` are lower-case phrases by which documents of
    this type name themselves or their parts, in any language, matched on whole words.
    """

    slug: str
    title: str
    descriptions: tuple[str, ...]
    names: tuple[str, ...]


def _label(slug: str, *descriptions: str, names: str) -> TypeLabel:
    return TypeLabel(
        slug=slug,
        title=slug.replace("_", " ").capitalize(),
        descriptions=descriptions,
        names=tuple(name.strip() for name in names.split(",")),
    )


TYPE_LABELS: tuple[TypeLabel, ...] = (
    _label(
        "contract",
        "A contract or agreement between parties: whereas, the parties agree, obligations, term and termination, "
        "governing law, confidentiality, signatures.",
        "Legal agreement such as a non-disclosure, lease, licence, employment or service agreement, entered into as of "
        "the effective date by and between two parties.",
        names="agreement,contract,this agreement,non-disclosure,lease,by and between,in witness whereof,governing law,"
        "hereinafter,vertrag,vereinbarung,contrat",
    ),
    _label(
        "court_document",
        "A court document: opinion, order, judgment, docket, motion, complaint or brief, plaintiff versus defendant, "
        "case number, judge.",
        "United States court of appeals or district court: appellant, appellee, petition, the court finds, affirmed.",
        names="court,plaintiff,defendant,appellant,appellee,petitioner,respondent,docket,opinion,order,judgment,case no,"
        "motion,district court,court of appeals,supreme court,urteil,beschluss,tribunal",
    ),
    _label(
        "earnings_press_release",
        "An earnings press release: a company reports its quarterly results, revenue, net income, earnings per share, "
        "outlook and guidance.",
        "Company announces fourth quarter and full year financial results; conference call; non-GAAP; investor contact.",
        names="press release,reports first quarter,reports second quarter,reports third quarter,reports fourth quarter,"
        "quarter results,financial results,earnings,outlook,non-gaap,conference call,investor relations,news release",
    ),
    _label(
        "email",
        "An e-mail message to a colleague or mailing list: greeting, short informal text, quoted reply, signature.",
        "E-mail with sender, recipient, subject; somebody wrote; on Monday, I think, thanks, regards; unsubscribe from "
        "this mailing list.",
        names="wrote,subject,unsubscribe,mailing list,original message,forwarded message,e-mail,fwd,cc,"
        "betreff,reply-to",
    ),
    _label(
        "financial_report",
        "An annual or quarterly financial report of a company: form 10-K or 10-Q, balance sheet, cash flows, risk "
        "factors, management's discussion and analysis, notes to financial statements.",
        "Annual report filed with the Securities and Exchange Commission; registrant; fiscal year ended; audited "
        "consolidated statements.",
        names="annual report,quarterly report,form 10-k,form 10-q,10-k,10-q,securities and exchange commission,registrant,"
        "fiscal year ended,balance sheet,consolidated statements,cash flows,auditor,geschäftsbericht,jahresabschluss",
    ),
    _label(
        "invoice",
        "An invoice or bill for goods or services: invoice number, invoice date, due date, bill to, quantity, unit "
        "price, VAT, total amount due, bank details.",
        "Rechnung: Rechnungsnummer, Rechnungsdatum, Kundennummer, Menge, Einzelpreis, MwSt, Gesamtbetrag, "
        "Zahlungsbedingungen, IBAN.",
        "Facture: numéro de facture, date d'échéance, quantité, prix unitaire, TVA, total TTC.",
        names="invoice,invoice number,invoice date,due date,bill to,amount due,rechnung,rechnungsnummer,rechnungsdatum,"
        "facture,factura,fattura,tax invoice,iban,payment terms",
    ),
    _label(
        "job_posting",
        "A job posting: a company is hiring for an open position; responsibilities, required qualifications, skills, "
        "experience, benefits, how to apply, equal opportunity employer.",
        "We are looking for a candidate to join our team; job description; requirements; salary range.",
        names="job description,responsibilities,requirements,qualifications,we are looking for,equal opportunity employer,"
        "apply,job title,the ideal candidate,years of experience,benefits,stellenangebot",
    ),
    _label(
        "legislation",
        "A law, act, statute, ordinance, decree, bill or regulation: sections and paragraphs, it is enacted, enters "
        "into force, repealed, the minister may by regulation.",
        "Gesetz oder Verordnung: Paragraph, Absatz, Satz, in Kraft treten, Bundesministerium, Anwendungsbereich.",
        "Be it enacted by the Parliament or Congress; this Act may be cited as; amendment; public law; title and chapter.",
        names="act,law,statute,regulation,be it enacted,enacted,this act may be cited,enters into force,section,repealed,"
        "public law,directive,parliament,gesetz,verordnung,inkrafttreten,bundesgesetzblatt,bekanntmachung,loi,décret",
    ),
    _label(
        "medical_report",
        "A medical report about a patient: history of present illness, diagnosis, procedure, medications, physical "
        "examination, findings, impression, plan.",
        "Clinical note, discharge summary, operative report, radiology, laboratory or pathology report of a patient.",
        names="patient,diagnosis,history of present illness,past medical history,medications,physical examination,"
        "impression,procedure,preoperative diagnosis,findings,discharge summary,chief complaint,arztbrief,befund",
    ),
    _label(
        "meeting_minutes",
        "Minutes of a meeting: attendees, agenda, called to order, motion carried, discussion, action items, next "
        "meeting, adjourned.",
        "Notes of a board, council or committee meeting with the people present, topics discussed, decisions and votes.",
        names="minutes,meeting,attendees,present,agenda,action items,adjourned,called to order,motion,next meeting,"
        "quorum,board,absent,regrets,approved,protokoll,sitzung,procès-verbal",
    ),
    _label(
        "news_article",
        "A news article: a journalist reports on current events in politics, business, sport, technology or "
        "entertainment, with quotes from people involved.",
        "Newspaper story: officials said on Tuesday, the prime minister told reporters, the team won, shares fell.",
        names="reuters,associated press,bbc news,told reporters,correspondent,spokesman,spokeswoman,said on monday,"
        "said on tuesday,said on wednesday,said on thursday,said on friday",
    ),
    _label(
        "privacy_policy",
        "A privacy policy: which personal data we collect, how we use and share information, cookies, your rights, "
        "data protection, retention, contact the data protection officer.",
        "Privacy notice of a website or app explaining the processing of personal information of users.",
        names="privacy policy,privacy notice,privacy statement,personal data,personal information,cookies,data protection,"
        "information we collect,gdpr,datenschutzerklärung,datenschutz,politique de confidentialité",
    ),
    _label(
        "receipt",
        "A receipt of a shop, restaurant or petrol station: items bought, prices, subtotal, tax, total, cash, change, "
        "card payment, date and time, thank you.",
        "Kassenbon, Quittung: Summe, EUR, MwSt, gegeben, Rückgeld, Kartenzahlung, Vielen Dank für Ihren Einkauf.",
        names="receipt,cash,change,subtotal,total,thank you,cashier,gst,please come again,quittung,kassenbon,beleg,summe,"
        "bar,rückgeld,kartenzahlung,ticket de caisse,tel",
    ),
    _label(
        "resume",
        "A resume or curriculum vitae of a job applicant: professional summary, work experience, education, skills, "
        "certifications, references.",
        "CV: objective, employment history with companies and years, university degree, languages, accomplishments.",
        names="resume,curriculum vitae,cv,work experience,professional experience,education,skills,work history,summary,"
        "certifications,highlights,accomplishments,objective,references,lebenslauf",
    ),
    _label(
        "scientific_paper",
        "A scientific paper: abstract, introduction, related work, methods, experiments, results, discussion, "
        "conclusion, references, authors with affiliations, journal, doi.",
        "Academic article that presents research, with citations, figures and tables.",
        names="abstract,introduction,references,keywords,doi,et al,journal,acknowledgements,acknowledgments,methods,"
        "conclusion,university,arxiv,related work,proceedings",
    ),
    _label(
        "terms_of_service",
        "Terms of service or terms and conditions for using a website, app or account: acceptance of the terms, user "
        "conduct, licence, termination, disclaimer of warranties, limitation of liability.",
        "By using our services you agree to these terms of use; your account; prohibited content; arbitration; "
        "end user licence agreement.",
        names="terms of service,terms of use,terms and conditions,terms,conditions of use,user agreement,these terms,"
        "acceptable use,your account,our services,limitation of liability,nutzungsbedingungen,agb,conditions générales",
    ),
    _label(
        "travel_ticket",
        "A travel ticket, boarding pass or booking for train, bus, ferry or flight: passenger, departure, arrival, "
        "from, to, seat, class, fare, valid on.",
        "Fahrkarte, Fahrschein, Online-Ticket: Hinfahrt, Rückfahrt, Abfahrt, Ankunft, Gleis, Klasse, gültig, Reisender.",
        names="ticket,boarding pass,passenger,departure,arrival,flight,train,seat,gate,fare,fahrkarte,fahrschein,"
        "hinfahrt,rückfahrt,gültig,einzelfahrt,tageskarte,itinerary,abfahrt,ankunft",
    ),
    _label(
        "letter",
        "A letter from a person or an organisation: letterhead, address of the recipient, date, dear sir or madam, "
        "yours sincerely, signature.",
        "Sehr geehrte Damen und Herren, mit freundlichen Grüßen; formal correspondence by post.",
        names="dear sir,dear madam,yours sincerely,yours faithfully,sincerely,sehr geehrte,mit freundlichen grüßen",
    ),
    _label(
        "bank_statement",
        "A bank account statement: account number, statement period, opening balance, closing balance, list of "
        "transactions, deposits, withdrawals.",
        "Kontoauszug: Buchungstag, Wertstellung, Saldo, Gutschrift, Lastschrift.",
        names="bank statement,account statement,statement period,opening balance,closing balance,kontoauszug,"
        "relevé de compte",
    ),
    _label(
        "insurance",
        "An insurance policy, certificate or claim: insured, policy number, coverage, premium, deductible, beneficiary, "
        "period of insurance.",
        names="insurance policy,certificate of insurance,policyholder,policy number,premium,insured,deductible,"
        "versicherungsschein,versicherungsnummer",
    ),
    _label(
        "tax",
        "A tax document: income tax return, tax assessment notice, tax certificate, taxpayer identification number, "
        "taxable income, revenue service or tax office.",
        names="tax return,income tax,taxable income,internal revenue service,tax assessment,steuerbescheid,finanzamt,"
        "steuererklärung,avis d'imposition",
    ),
    _label(
        "payslip",
        "A payslip or salary statement of an employee: gross pay, deductions, social security, income tax, net pay, pay "
        "period, employer.",
        names="payslip,pay slip,pay stub,gross pay,net pay,earnings statement,pay period,gehaltsabrechnung,"
        "entgeltabrechnung,lohnabrechnung,bulletin de paie",
    ),
    _label(
        "form",
        "A form or questionnaire to be filled in: fields for name, address, date of birth, check boxes, signature, "
        "please print, instructions for completing.",
        names="application form,please print,date of birth,check all that apply,office use only,formular,antrag,formulaire",
    ),
    _label(
        "manual",
        "A user manual, guide or technical documentation: installation, set-up, operation, safety warnings, "
        "configuration, troubleshooting, specifications.",
        names="user manual,user guide,instruction manual,owner's manual,troubleshooting,bedienungsanleitung,"
        "installation guide,getting started",
    ),
    _label(
        "presentation",
        "Slides of a presentation or lecture: short bullet points, title slide with speaker, agenda, outline, "
        "questions, thank you for your attention.",
        names="slide,slides,presentation,outline,any questions,präsentation",
    ),
)
