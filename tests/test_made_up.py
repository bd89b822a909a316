"""The archives that speed is measured on have what real ones have."""

from pathlib import Path
from random import Random

import numpy as np
import pytest

from benchmarks.made_up import Vectors, article, fill, opened, question
from vectorstore.splitting import passages


def test_vectors_are_as_alike_as_those_of_articles() -> None:
    told = [each.embedded for number in range(0, 60, 2) for each in passages(article(number))]
    vectors = np.array(Vectors().embed_documents(told))
    cosines = vectors @ vectors.T
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1)
    apart = cosines[~np.eye(len(told), dtype=bool)]
    assert 0.8 < np.median(apart) < 0.9
    np.fill_diagonal(cosines, -1)
    assert 0.88 < np.median(cosines.max(axis=1)) < 0.96


@pytest.mark.slow
def test_a_made_up_archive_is_indexed_and_answers(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    fill(archive, 1)
    assert archive.catalogue.is_indexed()
    assert archive.store.count() == archive.fulltext.count() > 10
    hits = archive.searcher.search(question(Random(1), 10), limit=5)
    assert len(hits) == 5
    archive.close()
