"""What files say of themselves in a machine's language: e-invoices in XML, payment codes on pages, headers of mails."""
