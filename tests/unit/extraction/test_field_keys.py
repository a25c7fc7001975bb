"""Keys of fields made of names in words: readable, and never one for two names."""

import pytest

from apps.extraction.fields.services.schemas import key_of_label


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Customer no.", "customer_no"),
        ("Straße und Größe", "strasse_und_groesse"),
        ("Numéro de client", "numero_de_client"),
        ("2. Mahnung", "field_2_mahnung"),
        ("x" * 100, "x" * 60),
    ],
)
def test_keys_are_readable(label: str, key: str) -> None:
    assert key_of_label(label) == key


def test_names_in_other_letters_have_keys_of_their_own() -> None:
    labels = [
        "Дата",
        "Номер",
        "日付",
        "番号",
        "Дата договора",
        "Дата 2",
        "Номер 2",
        "?",
        "!",
        "9" * 80 + "番",
        "9" * 80 + "号",
    ]
    keys = [key_of_label(label) for label in labels]
    assert len(set(keys)) == len(labels)
    assert all(key[0].isalpha() and key.isascii() and len(key) <= 60 for key in keys)
    assert key_of_label(" ДАТА ") == key_of_label("Дата")
