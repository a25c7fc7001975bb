"""Common recipes for typing documents by a few examples, to measure the head beside: what it has to beat."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

# Loosely fitted, as is usual with few examples.
_OF_VECTORS, _OF_TERMS = 10, 100
_TERMS = (("word", (1, 2)), ("char_wb", (2, 5)))


def by_counted_words(texts: Sequence[str], labels: NDArray[np.str_], asked: Sequence[str]) -> NDArray[np.str_]:
    """Type by words and pairs of words, each in a hundredth of the documents at least, and one hidden layer."""
    counter = CountVectorizer(ngram_range=(1, 2), min_df=0.01)
    network = MLPClassifier(tol=0.01, random_state=0).fit(counter.fit_transform(texts), labels)
    return np.asarray(network.predict(counter.transform(asked)))


def by_three_models(
    texts: Sequence[str],
    vectors: NDArray[np.float64],
    labels: NDArray[np.str_],
    asked: Sequence[str],
    asked_vectors: NDArray[np.float64],
) -> NDArray[np.str_]:
    """Type by the mean of three logistic regressions: on the vectors (n, D), on words, and on runs of characters."""
    of_vectors = LogisticRegression(C=_OF_VECTORS, max_iter=1000).fit(vectors, labels)
    shares = of_vectors.predict_proba(asked_vectors)
    for analyzer, lengths in _TERMS:
        counter = TfidfVectorizer(analyzer=analyzer, ngram_range=lengths, sublinear_tf=True)
        of_terms = LogisticRegression(C=_OF_TERMS, max_iter=1000).fit(counter.fit_transform(texts), labels)
        shares += of_terms.predict_proba(counter.transform(asked))
    return np.asarray(of_vectors.classes_[shares.argmax(axis=1)])
