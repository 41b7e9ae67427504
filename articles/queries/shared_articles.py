"""In which stories two sources both speak: evidence for those who decide whether they are one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Claim, Hop

SourcePair = tuple[int, int]


def describe_shared_articles(pairs: Sequence[SourcePair]) -> Mapping[SourcePair, str]:
    """For pairs of sources' keys that speak in the same stories, a sentence. One query; rejected claims do not count."""
    wanted = {source for pair in pairs for source in pair}
    stories: defaultdict[int, set[int]] = defaultdict(set)
    hops = Hop.objects.filter(source__in=wanted).exclude(claim__review=Claim.Review.REJECTED)
    for source, story in hops.order_by().values_list("source_id", "claim__article_id").distinct():
        stories[source or 0].add(story)
    found = {}
    for one, other in pairs:
        shared = len(stories[one] & stories[other])
        if not shared:
            continue
        said = ngettext("Both speak in %(count)d story.", "Both speak in the same %(count)d stories.", shared) % {
            "count": shared
        }
        if shared == min(len(stories[one]), len(stories[other])) and shared > 1:
            said += " " + _("One of them never speaks without the other.")
        found[one, other] = said
    return found
