"""Serializer fields for what a method or property of a page answers, each of one type.

API v3 reads the type from the return annotation of ``to_representation``.
"""

from __future__ import annotations

from typing import Any

from wagtail_safeguarding.api.fields import MethodSerializer, ReadOnlyField
from wagtail_safeguarding.api.shapes import (
    CommentsShape,
    DocumentShape,
    EmergencyLineShape,
    LinkShape,
    NamedReviewShape,
)


class UUIDSerializer(MethodSerializer):
    def to_representation(self, page: Any) -> str | None:
        uuid: str | None = super().to_representation(page)
        return uuid


class TextSerializer(MethodSerializer):
    def to_representation(self, page: Any) -> str:
        text: str = super().to_representation(page)
        return text


class DocumentsSerializer(MethodSerializer):
    def to_representation(self, page: Any) -> list[DocumentShape]:
        documents: list[DocumentShape] = super().to_representation(page)
        return documents


class LinksSerializer(MethodSerializer):
    def to_representation(self, page: Any) -> list[LinkShape]:
        links: list[LinkShape] = super().to_representation(page)
        return links


class EmergencyLinesSerializer(MethodSerializer):
    def to_representation(self, page: Any) -> list[EmergencyLineShape]:
        lines: list[EmergencyLineShape] = super().to_representation(page)
        return lines


class NamedReviewsSerializer(MethodSerializer):
    def to_representation(self, page: Any) -> list[NamedReviewShape]:
        reviews: list[NamedReviewShape] = super().to_representation(page)
        return reviews


class CommentsSerializer(ReadOnlyField):
    def to_representation(self, value: CommentsShape) -> CommentsShape:
        return value
