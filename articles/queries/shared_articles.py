"""Articles in which two sources both speak: evidence on whether they are the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Claim, Hop

SourcePair = tuple[int, int]


def describe_shared_articles(pairs: Sequence[SourcePair]) -> Mapping[SourcePair, str]:
    """Return a sentence for each pair of source ids that speak in the same articles.

    Rejected claims do not count. One query.
    """
    ids = {source for pair in pairs for source in pair}
    articles: defaultdict[int, set[int]] = defaultdict(set)
    hops = Hop.objects.filter(source__in=ids).exclude(claim__review=Claim.Review.REJECTED)
    for source, article in hops.order_by().values_list("source_id", "claim__article_id").distinct():
        articles[source or 0].add(article)
    sentences = {}
    for first, second in pairs:
        shared = len(articles[first] & articles[second])
        if not shared:
            continue
        text = ngettext("Both speak in %(count)d story.", "Both speak in the same %(count)d stories.", shared) % {
            "count": shared
        }
        if shared == min(len(articles[first]), len(articles[second])) and shared > 1:
            text += " " + _("One of them never speaks without the other.")
        sentences[first, second] = text
    return sentences
