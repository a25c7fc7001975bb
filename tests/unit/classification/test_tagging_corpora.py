"""What a tagger learns from: files of tagged tokens, conventions of sources, sentences varied and packed, scores."""

import random
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.classification.engine.tagging.labels import LabelScheme
from apps.classification.engine.tagging.training.corpus import (
    IGNORED,
    Corpus,
    CorpusError,
    Sentence,
    SourceRules,
    TaggedSpan,
    known_sources,
    read_corpora,
    sentence_of,
)
from apps.classification.engine.tagging.training.evaluation import ScoredPassage, best_bias, evaluated
from apps.classification.engine.tagging.training.packing import Passage, drawn_passages, plain_passages
from apps.classification.engine.tagging.training.scoring import Guess, calibration_figures, calibrations, score
from apps.classification.engine.tagging.training.split import split
from apps.classification.engine.tagging.training.variation import Names, varied


def mentions(sentence: Sentence) -> list[tuple[str, str]]:
    return [(kind, sentence.text[start:end]) for kind, start, end in sentence.spans]


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - draws sentences


def corpus(*sentences: Sentence, rules: SourceRules | None = None) -> Corpus:
    return Corpus("made", rules or SourceRules(), "0" * 64, list(sentences))


def simple(text: str, *names: tuple[str, str]) -> Sentence:
    return Sentence(
        text, tuple(TaggedSpan(kind, text.index(name), text.index(name) + len(name)) for kind, name in names)
    )


def test_tokens_become_text_as_people_write_it() -> None:
    tokens = [("Ada", "B-PER"), ("Berg", "I-PER"), ("(", "O"), ("ACME", "B-ORG"), (")", "O"), ("'s", "O"), ("won", "O")]
    sentence = sentence_of([*tokens, (".", "O")])
    assert sentence.text == "Ada Berg (ACME)'s won."
    assert mentions(sentence) == [("PER", "Ada Berg"), ("ORG", "ACME")]


def test_a_second_begin_and_a_stray_inside_begin_a_mention() -> None:
    sentence = sentence_of([("Ada", "B-PER"), ("Bob", "B-PER"), ("and", "O"), ("Oslo", "I-LOC"), ("Rom", "I-PER")])
    assert mentions(sentence) == [("PER", "Ada"), ("PER", "Bob"), ("LOC", "Oslo"), ("PER", "Rom")]


def test_files_are_read_in_the_conventions_of_their_sources(tmp_path: Path) -> None:
    lines = ["@\tB-PER", "ada\tB-PER", "meets\tO", "Bob\tB-PER", "#Oslo\tB-LOC", "", "", "ok\tO"]
    (tmp_path / "btc_x.tsv").write_text("\n".join(lines).replace("\\\t", "\t"))
    roles = ["Borrower\tB-PER", "of\tO", "Bank\tB-ORG", "of\tO", "Bank\tB-ORG", "One\tI-ORG"]
    (tmp_path / "sec_fin5.tsv").write_text("\n".join(roles) + "\n")
    (tmp_path / "unknown.tsv").write_text("@ada\tB-PER\n")
    btc, sec, unknown = read_corpora(tmp_path)
    assert [mentions(sentence) for sentence in btc.sentences] == [[("PER", "Bob"), (IGNORED, "#Oslo")], []]
    assert mentions(sec.sentences[0]) == [(IGNORED, "Bank"), ("ORG", "Bank One")]
    assert mentions(unknown.sentences[0]) == [("PER", "@ada")]
    assert (btc.rules.licence, unknown.rules.licence) == ("CC BY 4.0", "unknown")


@pytest.mark.parametrize("line", ["token only", "token\tX-PER", "token\tB-", "a\tb\tO"])
def test_a_file_that_is_not_one_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.tsv").write_text(f"fine\tO\n{line}\n")
    with pytest.raises(CorpusError, match="line 2"):
        read_corpora(tmp_path)


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="holds no"):
        read_corpora(tmp_path)


def test_every_known_source_has_a_licence() -> None:
    assert all(rules.licence.startswith("CC BY") and rules.title and rules.url for rules in known_sources())


def test_the_last_sentences_are_held_out() -> None:
    (learned,), (held,) = split([corpus(*(Sentence(str(number), ()) for number in range(1000)))])
    assert [sentence.text for sentence in held.sentences] == [str(number) for number in range(900, 1000)]
    assert len(learned.sentences) == 900
    (learned,), (held,) = split([corpus(*(Sentence(str(number), ()) for number in range(10)))])
    assert (len(learned.sentences), len(held.sentences)) == (8, 2)


NAMED = corpus(
    simple(
        "Ada Berg of ACME saw Bo Dahl in Oslo",
        ("PER", "Ada Berg"),
        ("ORG", "ACME"),
        ("PER", "Bo Dahl"),
        ("LOC", "Oslo"),
    ),
    simple("bo lives in Bergen, straße 5", ("PER", "bo"), ("LOC", "Bergen")),
    Sentence("nobody here", ()),
)


@given(st.integers(0, 10_000))
def test_varied_sentences_keep_their_mentions_where_they_are(seed: int) -> None:
    chance = dice(seed)
    names = Names.of([NAMED])
    for sentence in NAMED.sentences:
        other = varied(sentence, names, chance)
        assert [span.kind for span in other.spans] == [span.kind for span in sentence.spans]
        at = 0
        for _, start, end in other.spans:
            assert at <= start < end <= len(other.text)
            assert not other.text[start:end].isspace()
            at = end


@given(st.integers(0, 10_000))
def test_packed_sentences_keep_their_mentions(seed: int) -> None:
    rules = SourceRules(repeats=2, weight=0.5)
    packed = drawn_passages([corpus(*NAMED.sentences, rules=rules)], Names.of([NAMED]), dice(seed))
    assert sum(len(passage.spans) for passage in packed) == 2 * sum(len(sentence.spans) for sentence in NAMED.sentences)
    assert {passage.weight for passage in packed} == {0.5}
    for passage in packed:
        assert all(0 <= start < end <= len(passage.text) for _, start, end in passage.spans)


def test_plain_passages_are_the_sentences_a_line_each() -> None:
    (passage,) = plain_passages([NAMED])
    assert passage.text.split("\n") == [sentence.text for sentence in NAMED.sentences]
    assert [passage.text[start:end] for _, start, end in passage.spans][-2:] == ["bo", "Bergen"]


def test_sentences_are_left_out_by_their_shares() -> None:
    rules = SourceRules(empty_share=0.0)
    packed = drawn_passages([corpus(*NAMED.sentences, rules=rules)], Names.of([NAMED]), dice(1))
    assert not any("nobody" in passage.text.lower() for passage in packed)


def test_each_true_mention_counts_once() -> None:
    found = score(
        [("person", "Ada Berg"), ("person", "Ada")], [("person", "ada berg."), ("person", "ada berg"), ("x", "Ada")]
    )
    assert (found.hits, found.found, found.true) == (1, 3, 2)
    assert found.precision == pytest.approx(1 / 3)
    assert (found.recall, found.f1) == (0.5, 0.4)


def test_calibration_is_scored_on_what_it_was_not_fitted_to() -> None:
    chance = dice(2)
    guesses = [Guess("person", chance.random() < 0.8, -0.2) for _ in range(400)]
    guesses += [Guess("location", chance.random() < 0.3, -1.5) for _ in range(400)]
    chance.shuffle(guesses)
    figures = calibration_figures(guesses)
    assert figures["expected_calibration_error"] is not None
    assert figures["expected_calibration_error"] < 0.05
    assert figures["auroc"] is not None
    assert figures["auroc"] > 0.7
    assert set(calibrations(guesses)) == {"person", "location"}


def scored(text: str, name: str, chance: float) -> ScoredPassage:
    """A passage of one mention, whose word has a given probability; the other words have next to none."""
    start = text.index(name)
    words = [(match.start(), match.end()) for match in re.finditer(r"\S+", text)]
    rows = [[1 - chance, chance] if place == start else [0.99, 0.01] for place, _ in words]
    return ScoredPassage(
        Passage("made", text, (TaggedSpan("PER", start, start + len(name)),)),
        words,
        np.log(np.array(rows, dtype=np.float32)),
    )


def test_the_bias_that_finds_most_is_chosen_and_every_guess_is_judged() -> None:
    passages = [scored("so Ada came", "Ada", 0.4), scored("or Bo went", "Bo", 0.9)]
    labels = ["O", "B-PER"]
    by_corpus, guesses = evaluated(LabelScheme(labels), passages)
    assert by_corpus["made"]["all"] == by_corpus["made"]["person"]
    assert (by_corpus["made"]["all"].hits, by_corpus["made"]["all"].true, [each.is_right for each in guesses]) == (
        1,
        2,
        [True],
    )
    bias = best_bias(labels, passages)
    assert bias > 0
    assert evaluated(LabelScheme(labels, bias), passages)[0]["made"]["all"].f1 == 1.0
