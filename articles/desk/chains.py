"""Who said it: a claim's chain of hops, and two mentions in a story that are one source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from articles.desk.claim_fields import validate_row
from articles.desk.context import ActionContext, read_id, read_text
from articles.errors import RefusedError
from articles.models import Claim, ClaimRole, Hop
from articles.permissions import require_permission
from sources.models import Source
from sources.resolver import MAX_NAME_CHARS, NamedSource, Resolver, add_possible_duplicate


def set_chain(work: ActionContext, claim: Claim, given: Sequence[Any]) -> None:
    """Make a claim's chain these hops, origin first.

    Each is {"source": id} or {"name": …, "kind": …} for a source that is found by that name or made, or else
    somebody unnamed: {"unnamed": number or null for a new one}; with "mention", "verb", "organisation", "explicit".
    """
    rows: list[Hop] = []
    for position, hop in enumerate(given, start=1):
        if not isinstance(hop, dict):
            raise RefusedError("invalid", _("A step of the chain was not understood."))
        row = _build_hop(work, claim, hop, position)
        if row.source is None and row.unnamed is None:
            taken = [hop.unnamed for hop in rows if hop.unnamed]
            row.unnamed = max([_max_unnamed(work), *taken], default=0) + 1
        validate_row(row, [], {}, exclude=["claim", "position"], prefix=f"hops.{position - 1}.")
        rows.append(row)
    claim.hops.all().delete()
    Hop.objects.bulk_create(rows)


def _build_hop(work: ActionContext, claim: Claim, given: Mapping[str, Any], position: int) -> Hop:
    return Hop(
        claim=claim,
        position=position,
        source=_find_or_create_source(work, given, position),
        unnamed=read_id(given.get("unnamed")),
        mention=read_text(given, "mention"),
        verb=read_text(given, "verb"),
        explicit=bool(given.get("explicit", True)),
        organisation=_get_source(given.get("organisation")) if given.get("organisation") else None,
    )


def _find_or_create_source(work: ActionContext, given: Mapping[str, Any], position: int) -> Source | None:
    """The chosen source, or the one of a typed name: found by it, or made by whoever may make sources."""
    if given.get("source") is not None:
        return _get_source(given["source"])
    name = read_text(given, "name")
    if not name:
        return None
    if len(name) > MAX_NAME_CHARS:
        raise RefusedError("invalid", _("This name is too long."), {f"hops.{position - 1}.source": _("Too long.")})
    kind = read_text(given, "kind")
    if kind and kind not in Source.Kind.values:
        raise RefusedError("invalid", _("There is no such kind of source."))
    resolver = Resolver(learned=False)
    found = resolver.find(name, kind)
    if found is None and not kind:
        sentence = _("Nobody goes by the name “%s” yet. Choose somebody, or what kind of source to make.") % name
        raise RefusedError("invalid", sentence, {f"hops.{position - 1}.source": sentence})
    if found is None:
        require_permission(work.by.has_perm("sources.add_source"), _("create sources"))
        found = resolver.find_or_create(NamedSource(name, kind))
    return found


def _get_source(pk: object) -> Source:
    """A source by its id; of one that was merged away, the one that is left."""
    number = read_id(pk)
    source: Source | None = Source.objects.filter(pk=number).first() if number is not None else None
    if source is None:
        raise RefusedError("no-source", _("This source is not there any more. Choose another."))
    while source.merged_into is not None:
        source = source.merged_into
    return source


def _max_unnamed(work: ActionContext) -> int:
    last = Hop.objects.filter(claim__article=work.article).aggregate(last=Max("unnamed"))["last"]
    return last or 0


def merge_speakers(work: ActionContext, keep: object, other: object) -> tuple[list[Claim], str]:
    """Two speakers of the story are one: every hop of `other` becomes one of `keep`. Returns the changed claims
    and the name of the speaker that is left.

    Each is {"source": id} or {"unnamed": number}. A name wins over none. Two sources are noted as likely one:
    merging them for all stories is another's decision.
    """
    kept, gone = _parse_speaker(keep), _parse_speaker(other)
    if kept[0] is None and gone[0] is not None:
        kept, gone = gone, kept
    if kept == gone:
        raise RefusedError("invalid", _("These two are one already."))
    source, number = kept
    hops = Hop.objects.filter(_speaker_condition(gone), claim__article=work.article).select_related("organisation")
    claims = work.get_claims(sorted({hop.claim_id for hop in hops}))
    revisions = sorted({pk for pk in (work.article.latest_id, work.article.live_id) if pk})
    resolver = Resolver()
    for hop in hops:
        if (
            source is not None
            and hop.organisation is not None
            and resolver.add_affiliation(source, role="", organisation=hop.organisation)
        ):
            ClaimRole.objects.bulk_create(
                ClaimRole(claim_id=hop.claim_id, revision_id=pk, source=source, organisation=hop.organisation)
                for pk in revisions
            )
        hop.source, hop.unnamed = source, number
        hop.organisation = None if source is not None else hop.organisation
        hop.mention = hop.mention or (gone[0].name if gone[0] else "")
        hop.save(update_fields=["source", "unnamed", "organisation", "mention"])
    if source is not None and gone[0] is not None:
        add_possible_duplicate(
            source, gone[0], _("%(who)s took them for one in “%(story)s”.") % _duplicate_note_values(work)
        )
    name = (
        source.name if source else Hop.objects.filter(_speaker_condition(kept), claim__article=work.article)[0].mention
    )
    return claims, name


def _parse_speaker(given: object) -> tuple[Source | None, int | None]:
    if isinstance(given, dict):
        if given.get("source") is not None:
            return _get_source(given["source"]), None
        if (number := read_id(given.get("unnamed"))) is not None:
            return None, number
    raise RefusedError("invalid", _("Choose two speakers of this story."))


def _speaker_condition(speaker: tuple[Source | None, int | None]) -> Q:
    source, number = speaker
    return Q(source=source) if source is not None else Q(unnamed=number)


def _duplicate_note_values(work: ActionContext) -> dict[str, str]:
    return {"who": work.by.get_username(), "story": str(work.article)}
