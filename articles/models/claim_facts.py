"""Names and roles that the text around a claim gives its sources."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from articles.db.lookups import related_rows
from articles.models.article import Revision
from articles.models.claim import Claim
from sources.models import Source


class ClaimFactQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def public(self) -> Self:
        """Return the facts that readers can find in a public claim.

        They are of its live revision, and the source still has a hop in the claim.
        """
        claims = related_rows(self, "claim")
        hops = related_rows(claims, "hops").filter(claim=OuterRef("claim"), source=OuterRef("source"))
        return self.filter(
            Exists(claims.public().filter(pk=OuterRef("claim"), article__live=OuterRef("revision")).order_by()),
            Exists(hops.order_by()),
        )


class ClaimName(models.Model):
    """A name that one revision gives a source of a claim.

    Readers may see a learned name of a source only while a public claim gives it.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="names", verbose_name=_("claim"))
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+", verbose_name=_("revision"))
    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, related_name="claim_names", db_index=False, verbose_name=_("source")
    )
    folded = models.CharField(_("normalised name"), max_length=200)

    objects = ClaimFactQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        default_permissions = ()
        verbose_name = _("name in a claim")
        verbose_name_plural = _("names in claims")
        # articles.queries.sources reads public names by it.
        indexes = [models.Index("source", "folded", name="claim_name_of_source")]

    def __str__(self) -> str:
        return self.folded


class ClaimRole(models.Model):
    """A role that one revision gives a source of a claim.

    Readers may see a learned affiliation only while a public claim gives it.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="roles", verbose_name=_("claim"))
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+", verbose_name=_("revision"))
    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, related_name="claim_roles", db_index=False, verbose_name=_("source")
    )
    role = models.CharField(_("role"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Source,
        on_delete=models.CASCADE,
        related_name="claim_roles_of_members",
        null=True,
        blank=True,
        verbose_name=_("organisation"),
    )

    objects = ClaimFactQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        default_permissions = ()
        verbose_name = _("role in a claim")
        verbose_name_plural = _("roles in claims")
        # articles.queries.sources reads public roles by it.
        indexes = [models.Index("source", "role", name="claim_role_of_source")]

    def __str__(self) -> str:
        return self.role
