"""Test the table of `make score`, on a small corpus of our own and on PolNeAR."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from articles.extraction import evaluation, tagger
from tests.requirements import SHARED

POLNEAR = SHARED / "polnear"
needs_polnear = pytest.mark.skipif(not (POLNEAR / "score.py").is_file(), reason="needs ../shared/polnear")


def test_predicted_offsets_are_code_points_of_the_file(tmp_path: Path) -> None:
    text = "🦉 The pier.\r\n\r\nAnn Frith said that the pier was sound.\r\n"
    (tmp_path / "one.txt").write_bytes(text.encode())
    (line,) = evaluation.prediction_lines(tmp_path)
    row = json.loads(line)
    (claim,) = row["claims"]

    assert row["file"] == "one"
    assert [text[a:b] for a, b in claim["source"]] == ["Ann Frith"]
    assert [text[a:b] for a, b in claim["content"]] == ["that the pier was sound"]


@needs_polnear
@pytest.mark.slow
@pytest.mark.skipif(not tagger.AVAILABLE, reason="the statistical tagger's packages are not installed")
def test_shipped_extractor_reaches_its_scores() -> None:
    """Check the scores of `make score`, with a margin.

    Other processors round differently.
    """
    lines = {line[:18].strip(): line[18:].split() for line in evaluation.format_table(POLNEAR).splitlines()[3:]}

    assert float(lines["whole"][0]) >= MIN_WHOLE_F1[0]
    assert float(lines["whole"][3]) >= MIN_WHOLE_F1[1]
    assert float(lines["exact content"][0]) >= MIN_CONTENT_F1
    assert float(lines["exact source"][0]) >= MIN_SOURCE_F1


#: Lowest accepted F1 on the development part. Whole: over all attributions, and over reporting ones.
MIN_WHOLE_F1 = (75.0, 87.8)
MIN_CONTENT_F1 = 66.0
MIN_SOURCE_F1 = 77.0
