"""Files for load tests are distinct, readable and repeatable."""

import pypdfium2

from apps.pipeline.samples import bulk


def test_files_are_distinct_and_repeatable() -> None:
    files = list(bulk(count=200, seed=11))
    assert files == list(bulk(count=200, seed=11))
    assert len({file.content for file in files}) == len({file.name for file in files}) == 200
    assert {file.content for file in files}.isdisjoint(file.content for file in bulk(count=200, seed=12))


def test_each_file_holds_its_marker_and_no_other() -> None:
    files = list(bulk(count=40, seed=3))
    assert {file.media_type for file in files} == {"application/pdf", "text/plain"}
    for file in files:
        if file.media_type == "application/pdf":
            document = pypdfium2.PdfDocument(file.content)
            texts = [page.get_textpage().get_text_range() for page in document]
            document.close()
        else:
            texts = file.content.decode().split("\n\n")
        assert 1 <= len(texts) <= 3
        assert all(file.marker in text for text in texts)
        assert not any(other.marker in text for other in files if other is not file for text in texts)


def test_share_of_texts_can_be_chosen() -> None:
    assert {file.media_type for file in bulk(count=20, seed=1, text_share=0)} == {"application/pdf"}
    assert {file.media_type for file in bulk(count=20, seed=1, text_share=1)} == {"text/plain"}
