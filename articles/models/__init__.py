"""What was published and what was said in it: one file a noun."""

from articles.models.article import (
    Article,
    ArticleImage,
    Byline,
    Correction,
    Image,
    PublisherHost,
    RelatedLink,
    Revision,
    Topic,
)
from articles.models.claim import (
    Anchor,
    Claim,
    ClaimLink,
    ClaimName,
    ClaimRepeat,
    ClaimRole,
    Hop,
    Ledger,
    Quantity,
    RepeatCluster,
)
from articles.models.desk_action import DeskAction
from articles.models.imports import ImportItem, ImportRun, Original
from articles.models.role_default import RoleDefault
from articles.models.api_key import Token
from articles.models.autosave import Writing

__all__ = [
    "Anchor",
    "Article",
    "ArticleImage",
    "Byline",
    "Claim",
    "ClaimLink",
    "ClaimName",
    "ClaimRepeat",
    "ClaimRole",
    "Correction",
    "DeskAction",
    "Hop",
    "Image",
    "ImportItem",
    "ImportRun",
    "Ledger",
    "Original",
    "PublisherHost",
    "Quantity",
    "RelatedLink",
    "RepeatCluster",
    "Revision",
    "RoleDefault",
    "Token",
    "Topic",
    "Writing",
]
