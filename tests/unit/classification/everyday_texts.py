"""Ordinary texts in several languages: no common word of a language is to push one to a type."""

LETTERS = {
    "german letter": """Stadtwerke Musterstadt
Frau Anna Weber, Lindenweg 3, 50667 Köln
15. März 2025
Sehr geehrte Frau Weber,
vielen Dank für Ihr Schreiben. Wir haben Ihre Anfrage am selben Tag an die Firma Berger weitergeleitet. In erster Linie
prüfen wir, ob der Anschluss an einem anderen Tag verlegt werden kann. Unsere Mitarbeiter melden sich bis Freitag.
Mit freundlichen Grüßen
Peter Klein""",
    "spanish letter": """Ayuntamiento de Valdeflores
Plaza Mayor 1
Estimada señora García:
Le escribimos para confirmarle que el día 12 de mayo, de 9 a 14 horas, nuestros técnicos visitarán su vivienda en la
Plaza de España 4. Si el día no le conviene, puede cambiarlo en línea. Quedamos a su disposición.
Atentamente,
Luis Ortega""",
    "french letter": """Mairie de Saint-Aubin
Madame Martin,
J'ai bien reçu votre courrier et je vous remercie de nous avoir écrit. Votre demande est en cours d'examen. Vous pouvez
suivre en ligne l'état de votre demande. Merci de conserver ce courrier.
Veuillez agréer, Madame, mes salutations distinguées.
Le maire""",
    "dutch letter": """Gemeente Oosterveld
Geachte mevrouw de Vries,
Op dinsdag komen onze medewerkers een aantal lantaarnpalen vervangen. Wij stellen een tijdelijke parkeerplaats ter
beschikking. Als u niet aanwezig bent is dat geen probleem. De prijs verandert niet. U kunt retour bellen.
Met vriendelijke groet,
Jan Bakker""",
    "swedish letter": """Kommunen Storsjö
Hej Anna,
Tack för ditt brev. Vi ses på plats den 4 maj klockan nio. Ett antal grannar kommer också. Enligt planen tar arbetet en
dag. Firma Berg ställer i ordning efteråt. Vi sätter ett bord utanför och går till mötet.
Med vänlig hälsning
Karin Lund""",
}
OTHERS = {
    "german report": """Besuchsbericht
Tag des Besuchs: 4. Mai 2025
Unser Techniker war einen Tag vor Ort. In erster Linie wurde über die neue Linie in Halle 3 gesprochen. Der Tarif für
Strom ist gestiegen. Am nächsten Tag wurden die Werte noch einmal gemessen. Die Firma will bis Herbst entscheiden.""",
    "spanish report": """Informe de visita
El día 3 de junio visitamos la obra de la Plaza Nueva. El origen de la grieta es un fallo del material. Durante el día
se produjo un asiento del terreno. Se recomienda volver otro día con un técnico y tomar nota de las medidas.""",
    "italian letter": """Comune di Borgo San Lorenzo
Gentile signora Rossi,
si tratta di una comunicazione che le avevamo già mandato prima di Natale. Le chiediamo di indicare il posto e il giorno
in cui preferisce essere contattata. In conto di quanto già versato nulla è dovuto. Nota: il resto rimane invariato.
Distinti saluti
Marco Bianchi""",
    "polish statement": """Oświadczenie
Miejsce urodzenia: Kraków. Miejsce zamieszkania: Łódź. Miejsce pracy: firma Nowak. Ważny dokument tożsamości: dowód
osobisty. Data i miejsce: 4 maja 2025, Warszawa. Podpis""",
    "portuguese report": """Relatório de visita
No dia 4 de maio visitámos a obra. Nesse dia foi medido o nível da água. O autor do relatório nota que no dia seguinte a
estação elétrica estava parada. O recurso a outro técnico foi tomado em conta.""",
    "japanese letter": """拝啓 時下ますますご清栄のこととお慶び申し上げます。
先日は東京駅の近くの弊社までお越しいただき、ありがとうございました。次回のお打ち合わせは五月四日を予定しております。ご都合はいかがでしょうか。敬具""",
}
NAMED = {
    "contract": """Contrato de arrendamiento
Entre doña Ana Ruiz y don Luis Gil se celebra el presente contrato con las siguientes cláusulas. Las partes acuerdan una
duración de un año. Primera: el precio es de 700 euros al mes.""",
    "privacy_policy": """Informativa sulla privacy
Il titolare del trattamento raccoglie dati personali degli utenti del sito per rispondere alle richieste. La protezione
dei dati è importante per noi. Si può chiedere in ogni momento la cancellazione.""",
    "meeting_minutes": """Notulen van de vergadering van 4 mei
Voorzitter: mevrouw De Wit. Agendapunten: begroting, onderhoud, rondvraag. De begroting wordt goedgekeurd.""",
    "invoice": """Faktura nr 12/2025
Fakturadatum 2025-03-04, förfallodatum 2025-04-03
Konsulttimmar 10 x 900,00 = 9 000,00
Moms 25 %: 2 250,00
Att betala: 11 250,00, bankgiro 123-4567""",
    "travel_ticket": """Trenitalia
Biglietto, corsa semplice
Passeggero: Rossi Anna, adulto
Carrozza 4, da Firenze a Bologna, 12.05.2025, 08:40""",
}
