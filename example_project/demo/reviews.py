"""The five reviews: two told in full, three as bare as old pages are."""

from __future__ import annotations

from .shapes import LearningPoint, Recommendation, Review, sections

CHILD_K = Review(
    key="child-k",
    title="Learning Review Child K, March 2026",
    slug="child-k",
    type="learning-review",
    subjects=("Child K",),
    date="2026-03",
    documents=(
        "child-k-briefing",
        "appointments-protocol",
        "appointments-pathway",
        "appointments-leaflet",
    ),
    reference="MVSCP-2025-LR-02",
    summary=(
        "A child with a long-term health condition was not brought to several check-ups and "
        "became seriously unwell. K has recovered. The review asked how services can notice a "
        "pattern of missed appointments sooner, and offer help that a family can use."
    ),
    body=sections("""
# What happened

K was of primary school age and lived with a parent and a younger child. Over about a year,
K missed check-ups with three services. Each service wrote to the family, and two of them
closed the case. K then needed urgent hospital care.

# How we carried out the review

Fourteen practitioners met for two half-days and built a shared timeline. K and K's parent
met the reviewer separately and saw the findings before anyone else.

# What will change

Partners have agreed one protocol for all services, a pathway on one page, and a leaflet
that parents helped to write. We will ask families in a year whether they have noticed a
difference.
"""),
    outcome="serious-harm",
    age_band="6-to-10",
    harms=("neglect",),
    themes=(
        "childs-daily-life",
        "engagement-with-family",
        "information-sharing",
        "professional-curiosity",
    ),
    learning_points=(
        LearningPoint(
            "Say 'was not brought'",
            "A young child does not decide to miss an appointment. The words we use change what "
            "we do next.",
        ),
        LearningPoint(
            "Put the missed visits together",
            "One missed visit is common. The same child missing visits with three services is "
            "information, but only if someone can see all three.",
        ),
        LearningPoint(
            "Ask what gets in the way",
            "Most of the reasons were practical and could be solved, once somebody asked.",
        ),
    ),
    recommendations=(
        Recommendation(
            text="Adopt one protocol for children who are not brought to appointments.",
            agency="Marlowe Vale Safeguarding Children Partnership",
            status="completed",
            due="2026-02",
            updated="2026-02-16",
        ),
        Recommendation(
            text="Show missed appointments with all services in the shared health record.",
            agency="Marlowe Vale health partners",
            status="in-progress",
            due="2026-12",
            updated="2026-06-08",
        ),
        Recommendation(
            text="Offer appointments outside school and working hours in each part of the Vale.",
            agency="Marlowe Vale health partners",
            status="accepted",
            due="2027",
            updated="2026-06-08",
        ),
    ),
    related_reviews=("child-r",),
)

CHILD_R = Review(
    key="child-r",
    title="LCSPR Child R, September 2024",
    slug="child-r",
    type="local-child-safeguarding-practice-review",
    subjects=("Child R",),
    date="2024-09",
    documents=("child-r-report", "child-r-action-plan"),
    reference="MVSCP-2023-01",
    summary=(
        "A young person who was mostly out of school was exploited by older people to carry "
        "drugs, and was seriously injured. The review looks at reduced timetables, missing "
        "episodes, and what happens when support ends because a young person does not come."
    ),
    body=sections("""
# What happened

R was 16 and on a timetable of three mornings a week. R went missing several times and was
later seriously injured. R has been supported to move, and helped to shape this review.

# What we found

- Time out of school was treated as an attendance matter and not as a risk.
- Each missing episode was closed on its own.
- Mental health support ended when R did not come to two appointments.
- R's grandparent knew the most and was not asked.
"""),
    outcome="serious-harm",
    age_band="16-to-17",
    harms=("criminal-exploitation",),
    themes=(
        "changing-risk-and-need",
        "critical-thinking-and-challenge",
        "engagement-with-family",
        "not-in-school",
    ),
    learning_points=(
        LearningPoint(
            "Ask where the child is when they are not in school",
            "A reduced timetable leaves hours that someone else may fill. Name an adult who "
            "knows where the child is.",
        ),
        LearningPoint(
            "Read missing episodes in a row",
            "A child who comes back is not yet a child who is safe. The pattern matters more "
            "than any one night.",
        ),
        LearningPoint(
            "Work with the people whom the child trusts",
            "A relative, a coach or a youth worker may be the way to keep in touch.",
        ),
    ),
    recommendations=(
        Recommendation(
            text="Review every reduced timetable at six weeks.",
            agency="Marlowe Vale Council, education",
            status="completed",
            due="2025-03",
            updated="2025-03-24",
        ),
        Recommendation(
            text="Look at missing episodes together each week and offer return conversations in "
            "person.",
            agency="Marlowe Vale Police",
            status="completed",
            due="2025-06",
            updated="2025-07-07",
        ),
        Recommendation(
            text="Ask partners before closing a child's case because of missed appointments.",
            agency="Marlowe Vale health partners",
            status="in-progress",
            due="2026-04",
            updated="2025-11-17",
        ),
        Recommendation(
            text="Give each child at risk outside the home one named worker and one number.",
            agency="Marlowe Vale Council, children's social care",
            status="in-progress",
            due="2026",
            updated="2025-11-17",
        ),
    ),
    related_reviews=("child-k",),
    shared_documents=("appointments-protocol",),
)

CHILD_C = Review(
    key="child-c",
    title="SCR Child C, November 2017",
    slug="child-c",
    type="serious-case-review",
    subjects=("Child C",),
    date="2017-11",
    documents=("child-c-report",),
)

CHILD_M = Review(
    key="child-m",
    title="SCR Child M, June 2011",
    slug="child-m",
    type="serious-case-review",
    subjects=("Child M",),
    date="2011-06",
    documents=("child-m-summary",),
)

CHILD_H = Review(
    key="child-h",
    title="SCR Child H, 2009",
    slug="child-h",
    type="serious-case-review",
    subjects=("Child H",),
    date="2009",
    documents=("child-h-report",),
)

REVIEWS = (CHILD_K, CHILD_R, CHILD_C, CHILD_M, CHILD_H)
