"""What the demo publishes: one invented partnership and its pages.

``SITE`` is the whole of it; the texts of documents and reviews live beside this module.
Telephone numbers are from the range that Ofcom keeps for fiction, email addresses use a
domain that cannot exist. The links lead to real public pages.
"""

from __future__ import annotations

from .documents import DOCUMENTS
from .reviews import REVIEWS
from .shapes import (
    Article,
    CommentsClosed,
    DocumentCollection,
    DocumentSection,
    EmergencyLine,
    FurtherInformation,
    FurtherInformationPage,
    Home,
    Link,
    Publisher,
    ReviewIndex,
    Site,
    sections,
)

WORKING_TOGETHER = (
    "https://www.gov.uk/government/publications/working-together-to-safeguard-children--2"
)

PUBLISHER = Publisher(
    name="Marlowe Vale Safeguarding Children Partnership",
    short_name="MVSCP",
    telephone="01632 960110",
    email="partnership@marlowevale.example",
)

CASE_REVIEW_REPOSITORY = Link(
    title="National case review repository",
    url="https://learning.nspcc.org.uk/case-reviews/national-case-review-repository",
    organisation="NSPCC",
    description="A national collection of published case reviews, searchable by theme and year.",
)
REVIEW_PROCESS = Link(
    title="Case review process in each UK nation",
    url="https://learning.nspcc.org.uk/case-reviews/process-in-each-uk-nation",
    organisation="NSPCC",
    description="What reviews are called in each nation, and how they are carried out.",
)
COMMUNICATION_BRIEFINGS = Link(
    title="Inter-professional communication and decision making: practice briefings",
    url="https://learning.nspcc.org.uk/research-resources/2016/"
    "inter-professional-communication-decision-making/",
    organisation="NSPCC and SCIE",
    description="Short briefings on how professionals share information and reach decisions.",
)
STATUTORY_GUIDANCE = Link(
    title="Working together to safeguard children",
    url=WORKING_TOGETHER,
    organisation="Department for Education",
    description="The statutory guidance for everyone who works with children in England.",
)
NATIONAL_PANEL = Link(
    title="Child Safeguarding Practice Review Panel",
    url="https://www.gov.uk/government/organisations/child-safeguarding-practice-review-panel",
    organisation="GOV.UK",
    description="The national panel, its annual reports and its thematic reviews.",
)
REPORT_A_CONCERN = Link(
    title="Report child abuse to a local council",
    url="https://www.gov.uk/report-child-abuse-to-local-council",
    organisation="GOV.UK",
    description="Find the right council for the child's address.",
)

COMMENTS = CommentsClosed(
    heading="Comments",
    prompt="Tell us what you think",
    message="Comments are closed on this page.",
    closed_on="2026-03-16",
    reason="A comment could identify a child or a family.",
)

REVIEW_INDEX = ReviewIndex(
    title="Child safeguarding practice reviews",
    slug="practice-reviews",
    description="Published reviews, what was learned from them, and how to refer a case.",
    emergency_line=EmergencyLine(
        text="If you think a child is in danger right now, phone 999.", number="999"
    ),
    introduction=(
        (
            "<p>Sometimes a child dies or is badly hurt, and there are signs that abuse or "
            "neglect played a part. When that happens, the agencies that protect children in "
            "Marlowe Vale meet quickly to look at what was known. This first look is called a "
            "rapid review.</p>"
        ),
        (
            "<p>A rapid review may lead to a fuller study: a local child safeguarding practice "
            "review. Until 2018 these were called serious case reviews, and older titles on this "
            "page still say so. We follow the national guidance, "
            f'<a href="{WORKING_TOGETHER}">Working together to safeguard children (2023)</a>, and '
            "the Marlowe Vale multi-agency procedures.</p>"
        ),
        (
            "<p>A review is not an inquiry into who was at fault. It asks what life was like for "
            "the child, what helped, what got in the way, and what services should do "
            "differently. When it is finished we publish the report, or what we have learned "
            "from it. We use letters and not names, and we leave out anything that could point "
            "to a child.</p>"
        ),
        (
            "<p>If you work with children and think that a case should be looked at, read our "
            "guidance on how to refer it. It explains who decides, and how soon.</p>"
        ),
    ),
    documents=("referral-guidance",),
    reviews=REVIEWS,
    further_information=FurtherInformation(
        heading="Further information",
        html=(
            "<p>Reviews from all over the country are collected in one place, so that learning "
            "can travel. The NSPCC keeps that collection and explains how reviews work in each "
            "nation.</p>"
            "<p>Together with SCIE it has also looked across many reviews at how professionals "
            "talk to each other, and has written briefings for teams and managers.</p>"
        ),
        links=(CASE_REVIEW_REPOSITORY, REVIEW_PROCESS, COMMUNICATION_BRIEFINGS),
    ),
    comments=COMMENTS,
)

COLLECTION = DocumentCollection(
    title="Protocols, pathways and leaflets",
    slug="protocols-and-pathways",
    description="How agencies in Marlowe Vale act together, in current versions.",
    html=(
        "<p>These documents tell professionals in Marlowe Vale how to act together. Check here "
        "for the current version before you use a copy that you have saved or printed.</p>"
    ),
    sections=(
        DocumentSection(
            heading="Protocols",
            html="<p>What all partner agencies have agreed to do.</p>",
            documents=("appointments-protocol", "disagreements-protocol"),
        ),
        DocumentSection(
            heading="Pathways",
            html="<p>The same agreements as steps, for use at work.</p>",
            documents=("appointments-pathway",),
        ),
        DocumentSection(
            heading="Leaflets for families",
            html="<p>To print or to read on a phone. Ask us for other formats.</p>",
            documents=("appointments-leaflet",),
        ),
    ),
)

FURTHER_INFORMATION = FurtherInformationPage(
    title="Where to find out more",
    slug="further-information",
    description="Guidance, research and help from outside Marlowe Vale.",
    html=(
        "<p>Guidance, research and help from outside Marlowe Vale. We check these links twice a "
        "year. We are not responsible for what other organisations publish.</p>"
    ),
    links=(
        REPORT_A_CONCERN,
        STATUTORY_GUIDANCE,
        NATIONAL_PANEL,
        CASE_REVIEW_REPOSITORY,
        REVIEW_PROCESS,
        COMMUNICATION_BRIEFINGS,
    ),
)

ARTICLE = Article(
    title="From 'did not attend' to 'was not brought'",
    slug="was-not-brought",
    description="Why services are changing three words on the record.",
    date="2026-04-20",
    html=(
        "<p>Three words on a record can change what happens to a child. This spring, services "
        "across Marlowe Vale agreed to choose them with care.</p>"
    ),
    body=sections("""
# Why the words matter

A child of seven cannot take two buses to a clinic. When we write that the child did not
attend, the story ends there. When we write that the child was not brought, the next
question asks itself: why not, and how can we help?

# What families told us

Parents who helped us with the new leaflet spoke about night shifts, bus fares, waiting
rooms that are hard for a child who dislikes noise, and letters that sounded like a warning.
Several said that one phone call would have been enough.

# What your team can do this week

- Read the one-page pathway together.
- Look up the last five children who missed a visit. Does each record say why?
- Change the wording of your standard letter.
"""),
    documents=("child-k-briefing", "appointments-pathway"),
    further_information=FurtherInformation(
        heading="Read more",
        html="<p>The guidance behind the new protocol.</p>",
        links=(STATUTORY_GUIDANCE,),
    ),
    comments=COMMENTS,
)

SITE = Site(
    publisher=PUBLISHER,
    home=Home(
        title="Marlowe Vale Council",
        introduction=(
            "Services and information for people who live and work in Marlowe Vale. This is a "
            "demonstration site: the council, the partnership, the children and the events on it "
            "are invented."
        ),
    ),
    documents=DOCUMENTS,
    review_index=REVIEW_INDEX,
    collection=COLLECTION,
    further_information=FURTHER_INFORMATION,
    article=ARTICLE,
)
