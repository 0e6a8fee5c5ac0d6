"""What the register API answers as JSON-LD, as typed schemas."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import ConfigDict, Field

from wagtail_safeguarding.register.schema import PublicSchema


class Node(PublicSchema):
    model_config = ConfigDict(serialize_by_alias=True)


class Reference(Node):
    id: str = Field(alias="@id")


class Text(Node):
    value: str = Field(alias="@value")
    language: str = Field(alias="@language")


class Time(Node):
    value: dt.datetime = Field(alias="@value")
    type: Literal["xsd:dateTime"] = Field(alias="@type")


# SKOS


class ConceptScheme(Node):
    id: str = Field(alias="@id")
    type: Literal["skos:ConceptScheme"] = Field(alias="@type")
    title: list[Text] = Field(alias="dcterms:title")
    concepts: list[Reference] = Field(alias="skos:hasTopConcept")


class Concept(Node):
    id: str = Field(alias="@id")
    type: Literal["skos:Concept"] = Field(alias="@type")
    in_scheme: Reference = Field(alias="skos:inScheme")
    top_of: Reference = Field(alias="skos:topConceptOf")
    notation: str = Field(alias="skos:notation")
    labels: list[Text] = Field(alias="skos:prefLabel")
    other_labels: list[Text] | None = Field(None, alias="skos:altLabel")
    scope_notes: list[Text] | None = Field(None, alias="skos:scopeNote")
    history: list[Text] | None = Field(None, alias="skos:historyNote")
    coverage: str | None = Field(None, alias="dcterms:coverage")
    deprecated: Literal[True] | None = Field(None, alias="owl:deprecated")


class Skos(Node):
    context: dict[str, str] = Field(alias="@context")
    graph: list[ConceptScheme | Concept] = Field(alias="@graph")


# DCAT


class Agent(Node):
    type: Literal["foaf:Organization"] = Field(alias="@type")
    name: str = Field(alias="foaf:name")


class Distribution(Node):
    id: str = Field(alias="@id")
    type: Literal["dcat:Distribution"] = Field(alias="@type")
    title: Text = Field(alias="dcterms:title")
    access: Reference = Field(alias="dcat:accessURL")
    download: Reference | None = Field(None, alias="dcat:downloadURL")
    service: Reference | None = Field(None, alias="dcat:accessService")
    media_type: Reference = Field(alias="dcat:mediaType")


class DataSet(Node):
    id: str = Field(alias="@id")
    type: Literal["dcat:Dataset"] = Field(alias="@type")
    title: Text = Field(alias="dcterms:title")
    description: Text = Field(alias="dcterms:description")
    identifier: str = Field(alias="dcterms:identifier")
    publisher: Agent = Field(alias="dcterms:publisher")
    periodicity: Reference | None = Field(None, alias="dcterms:accrualPeriodicity")
    landing_page: Reference | None = Field(None, alias="dcat:landingPage")
    taxonomies: list[Reference] | None = Field(None, alias="dcat:themeTaxonomy")
    distributions: list[Distribution] = Field(alias="dcat:distribution")


class DataService(Node):
    id: str = Field(alias="@id")
    type: Literal["dcat:DataService"] = Field(alias="@type")
    title: Text = Field(alias="dcterms:title")
    description: Text = Field(alias="dcterms:description")
    endpoint: Reference = Field(alias="dcat:endpointURL")
    endpoint_description: Reference = Field(alias="dcat:endpointDescription")
    serves: Reference = Field(alias="dcat:servesDataset")


class CatalogRecord(Node):
    id: str = Field(alias="@id")
    type: Literal["dcat:CatalogRecord"] = Field(alias="@type")
    title: Text = Field(alias="dcterms:title")
    topic: Reference = Field(alias="foaf:primaryTopic")
    issued: Time | None = Field(None, alias="dcterms:issued")
    modified: Time | None = Field(None, alias="dcterms:modified")


class Catalogue(Node):
    context: dict[str, str] = Field(alias="@context")
    id: str = Field(alias="@id")
    type: Literal["dcat:Catalog"] = Field(alias="@type")
    title: Text = Field(alias="dcterms:title")
    description: Text = Field(alias="dcterms:description")
    issued: Time | None = Field(None, alias="dcterms:issued")
    modified: Time | None = Field(None, alias="dcterms:modified")
    publisher: Agent = Field(alias="dcterms:publisher")
    datasets: list[DataSet] = Field(alias="dcat:dataset")
    service: DataService = Field(alias="dcat:service")
    records: list[CatalogRecord] = Field(alias="dcat:record")


# schema.org


class LinkedOrganization(Node):
    type: Literal["Organization"] = Field(alias="@type")
    name: str


class LinkedTerm(Node):
    type: Literal["DefinedTerm"] = Field(alias="@type")
    name: str
    termCode: str
    inDefinedTermSet: str


class LinkedWork(Node):
    type: str = Field(alias="@type")
    name: str


class LinkedFile(Node):
    type: Literal["MediaObject"] = Field(alias="@type")
    contentUrl: str
    encodingFormat: str | None
    contentSize: str
    sha256: str | None


class LinkedDocument(Node):
    type: Literal["DigitalDocument"] = Field(alias="@type")
    name: str
    url: str
    inLanguage: str
    encoding: LinkedFile
    datePublished: str | None = None
    description: str | None = None
    license: LinkedWork | None = None
    copyrightNotice: str | None = None


class LinkedDataset(Node):
    type: Literal["Dataset"] = Field(alias="@type")
    id: str = Field(alias="@id")
    name: str
    description: str
    url: str


class LinkedTranslation(Node):
    type: str = Field(alias="@type")
    id: str = Field(alias="@id")
    inLanguage: str


class LinkedRecord(Node):
    """schema.org. Never a Person."""

    context: Literal["https://schema.org"] = Field(alias="@context")
    id: str = Field(alias="@id")
    type: Literal["Report", "CollectionPage", "CreativeWork", "Article"] = Field(alias="@type")
    identifier: list[str]
    name: str
    headline: str | None = None
    inLanguage: str
    isAccessibleForFree: Literal[True]
    dateModified: dt.datetime
    datePublished: str | None = Field(None, description="A day, a month or a year.")
    url: str | None = None
    abstract: str | None = None
    publisher: LinkedOrganization | None = None
    about: list[LinkedTerm] | None = None
    hasPart: list[LinkedDocument] | None = None
    mentions: list[LinkedDocument] | None = None
    workTranslation: list[LinkedTranslation] | None = None
    subjectOf: LinkedDataset
