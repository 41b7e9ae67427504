"""Edit a claim's chain of speakers, and unite two speakers of a story."""

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


def set_chain(context: ActionContext, claim: Claim, hops_data: Sequence[Any]) -> None:
    """Replace a claim's chain by these hops, origin first.

    A hop is {"source": id}, or {"name": …, "kind": …} for a source that is found by name or created, or
    {"unnamed": number, or null for a new one} for an unnamed speaker. Each can have "mention", "verb", "organisation"
    and "explicit". Raises RefusedError.
    """
    hops: list[Hop] = []
    for position, data in enumerate(hops_data, start=1):
        if not isinstance(data, dict):
            raise RefusedError("invalid", _("A speaker in the chain is not valid."))
        hop = _build_hop(context, claim, data, position)
        if hop.source is None and hop.unnamed is None:
            used_numbers = [earlier.unnamed for earlier in hops if earlier.unnamed]
            hop.unnamed = max(_max_unnamed(context), *used_numbers, 0) + 1
        validate_row(hop, [], {}, exclude=["claim", "position"], prefix=f"hops.{position - 1}.")
        hops.append(hop)
    claim.hops.all().delete()
    Hop.objects.bulk_create(hops)


def _build_hop(context: ActionContext, claim: Claim, data: Mapping[str, Any], position: int) -> Hop:
    return Hop(
        claim=claim,
        position=position,
        source=_find_or_create_source(context, data, position),
        unnamed=read_id(data.get("unnamed")),
        mention=read_text(data, "mention"),
        verb=read_text(data, "verb"),
        explicit=bool(data.get("explicit", True)),
        organisation=_get_source(data.get("organisation")) if data.get("organisation") else None,
    )


def _find_or_create_source(context: ActionContext, data: Mapping[str, Any], position: int) -> Source | None:
    """Return the chosen source, or find or create the source of a typed name."""
    if data.get("source") is not None:
        return _get_source(data["source"])
    name = read_text(data, "name")
    if not name:
        return None
    if len(name) > MAX_NAME_CHARS:
        raise RefusedError("invalid", _("This name is too long."), {f"hops.{position - 1}.source": _("Too long.")})
    kind = read_text(data, "kind")
    if kind and kind not in Source.Kind.values:
        raise RefusedError("invalid", _("There is no such kind of source."))
    resolver = Resolver(learned=False)
    source = resolver.find(name, kind)
    if source is None and not kind:
        sentence = _("There is no source called “%s”. Choose a source from the list, or create one.") % name
        raise RefusedError("invalid", sentence, {f"hops.{position - 1}.source": sentence})
    if source is None:
        require_permission(context.by.has_perm("sources.add_source"), _("create sources"))
        source = resolver.find_or_create(NamedSource(name, kind))
    return source


def _get_source(pk: object) -> Source:
    """Return a source by its id, or the source that it was merged into."""
    number = read_id(pk)
    source: Source | None = Source.objects.filter(pk=number).first() if number is not None else None
    if source is None:
        raise RefusedError("no-source", _("This source no longer exists. Choose another."))
    while source.merged_into is not None:
        source = source.merged_into
    return source


def _max_unnamed(context: ActionContext) -> int:
    return Hop.objects.filter(claim__article=context.article).aggregate(last=Max("unnamed"))["last"] or 0


def merge_speakers(context: ActionContext, keep: object, other: object) -> tuple[list[Claim], str]:
    """Unite two speakers of the article: every hop of `other` becomes a hop of `keep`.

    Each is {"source": id} or {"unnamed": number}. If only one of them has a name, that one is kept. Two named sources
    are also stored as a possible duplicate: merging them in all stories is decided elsewhere. Returns the changed
    claims and the name of the speaker.
    """
    kept, replaced = _parse_speaker(keep), _parse_speaker(other)
    if kept[0] is None and replaced[0] is not None:
        kept, replaced = replaced, kept
    if kept == replaced:
        raise RefusedError("invalid", _("These two are already the same speaker."))
    source, number = kept
    hops = Hop.objects.filter(_speaker_condition(replaced), claim__article=context.article).select_related(
        "organisation"
    )
    claims = context.get_claims(sorted({hop.claim_id for hop in hops}))
    revision_pks = sorted({pk for pk in (context.article.latest_id, context.article.live_id) if pk})
    resolver = Resolver()
    for hop in hops:
        if (
            source is not None
            and hop.organisation is not None
            and resolver.add_affiliation(source, role="", organisation=hop.organisation)
        ):
            ClaimRole.objects.bulk_create(
                ClaimRole(claim_id=hop.claim_id, revision_id=pk, source=source, organisation=hop.organisation)
                for pk in revision_pks
            )
        hop.source, hop.unnamed = source, number
        hop.organisation = None if source is not None else hop.organisation
        hop.mention = hop.mention or (replaced[0].name if replaced[0] else "")
        hop.save(update_fields=["source", "unnamed", "organisation", "mention"])
    if source is not None and replaced[0] is not None:
        add_possible_duplicate(
            source,
            replaced[0],
            _("%(user)s marked them as the same speaker in “%(story)s”.") % _duplicate_note_values(context),
        )
    name = (
        source.name
        if source
        else Hop.objects.filter(_speaker_condition(kept), claim__article=context.article)[0].mention
    )
    return claims, name


def _parse_speaker(data: object) -> tuple[Source | None, int | None]:
    if isinstance(data, dict):
        if data.get("source") is not None:
            return _get_source(data["source"]), None
        if (number := read_id(data.get("unnamed"))) is not None:
            return None, number
    raise RefusedError("invalid", _("Choose two speakers of this story."))


def _speaker_condition(speaker: tuple[Source | None, int | None]) -> Q:
    source, number = speaker
    return Q(source=source) if source is not None else Q(unnamed=number)


def _duplicate_note_values(context: ActionContext) -> dict[str, str]:
    return {"user": context.by.get_username(), "story": str(context.article)}
