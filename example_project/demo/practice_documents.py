"""Documents for daily practice: referral guidance, protocols, pathway and leaflet.

They look like the real thing and are not: nobody agreed them.
"""

from __future__ import annotations

from .shapes import Document, sections

REFERRAL_GUIDANCE = Document(
    key="referral-guidance",
    title="Referring a case for a rapid review: guidance and form",
    file_name="rapid-review-referral-guidance.pdf",
    role="referral-document",
    date="2025-09",
    audiences=("social-care", "health", "police", "education"),
    summary="When and how any partner agency can ask for a rapid review.",
    sections=sections("""
# Who this is for

This guidance is for anyone who works with children in Marlowe Vale and thinks that a case
may need a rapid review. You do not need your manager's permission to ask, but please tell
your agency's safeguarding lead.

# When to refer

Send a referral when both of these are true:

- a child has died, or has been seriously harmed
- abuse or neglect is known, or you have reason to suspect it

If you are not sure, refer. The partnership team would rather talk through a case that goes
no further than miss one that should.

# What to include

- the child's name, date of birth and address
- who else lives in the household, and who has care of the child
- what happened, when you learned of it, and who told you
- the agencies you know to be involved
- anything that must not be shared with the family yet, and why

# Where to send it

Use the secure referral address that your safeguarding lead holds. Do not send names by
ordinary email. The team confirms each referral within one working day.

# What happens next

The partnership decides whether the council must notify the national panel. If a rapid
review is held, each agency secures its records, sends a short summary and names one person
who will come to the meeting. We tell you the decision and the reasons, whichever way it
goes.

A referral here does not replace action to keep a child safe today. If a child is in danger
now, phone 999.
"""),
)

APPOINTMENTS_PROTOCOL = Document(
    key="appointments-protocol",
    title="Children not brought to appointments protocol 2026",
    file_name="children-not-brought-to-appointments-protocol-2026.pdf",
    role="protocol",
    date="2026",
    audiences=("health", "gp", "midwifery-and-health-visiting", "social-care", "education"),
    summary="What every service does when a child misses an appointment.",
    sections=sections("""
# Purpose

Children rely on adults to bring them to appointments. This protocol sets out what each
service in Marlowe Vale does when that does not happen, so that help comes early and a
worrying pattern is not missed.

# Who it applies to

All services that offer appointments to children and young people up to the age of 18, or up
to 25 for young people with special educational needs or disabilities. It also applies to
antenatal appointments.

# Five things every service does

- Records the visit as 'was not brought' or, for a young person who travels alone, 'did not
  come'.
- Looks at the record the same day: is the address right, and what would missing this visit
  mean for this child's health?
- Contacts the family within two working days, by phone first.
- Offers another appointment, and asks what would make it easier to come.
- Tells the referrer and the GP.

# When a child is not brought a second time

The practitioner talks to their safeguarding lead and asks the GP, the school or nursery
and, where there is one, the social worker or early help worker what they know. A decision
is written down with the reason for it: offer again, offer early help, or refer to
children's social care.

# Refer at once

Do not wait for a second missed appointment if:

- missing treatment puts the child's health at serious risk
- the child is subject to a child protection plan, or is in care
- a parent refuses treatment that the child needs
- you cannot find the family

# Closing a case

No child's case is closed only because appointments were missed. Before closing, the
practitioner checks with the referrer that the child's needs are being met in some other
way, and records who said so.

# If you disagree

Use the resolving professional disagreements protocol. A child should never have to wait
while adults sort out who should act.
"""),
)

APPOINTMENTS_PATHWAY = Document(
    key="appointments-pathway",
    title="Pathway for children not brought to appointments 2026",
    file_name="children-not-brought-pathway-2026.pdf",
    role="pathway",
    date="2026",
    audiences=("health", "gp", "midwifery-and-health-visiting"),
    summary="The protocol as steps on one page.",
    sections=sections("""
Use this page beside the protocol. Start at step 1 each time a child is not brought, even
when you know the family well.

# Step 1: the same day

- Record 'was not brought'.
- Check the address, the phone number and who has parental responsibility.
- Ask: could missing this visit seriously harm the child? If yes, go to step 4.

# Step 2: within two working days

- Phone the parent or carer. Use an interpreter if they need one.
- Ask what made it hard to come. Offer another time, place or way to meet.
- Tell the referrer and the GP.

# Step 3: not brought again

- Talk to your safeguarding lead.
- Ask the school or nursery, the health visitor and any allocated worker.
- Decide together: offer again, early help, or step 4. Write down why.

# Step 4: refer

Phone the Marlowe Vale children's front door on 01632 960121, and follow up in writing
within one working day. If a child is in danger now, phone 999.

# Step 5: feedback

The front door tells you what was decided within one working day. If you hear nothing, ask.
If you disagree, say so, and use the disagreements protocol.
"""),
)

APPOINTMENTS_LEAFLET = Document(
    key="appointments-leaflet",
    title="Help to get to your child's appointments: leaflet for parents and carers",
    file_name="help-to-get-to-appointments-leaflet.pdf",
    role="leaflet",
    date="2026-02",
    audiences=("public",),
    summary="What we can do to make appointments easier, and who to ask.",
    sections=sections("""
# Appointments matter, and we know they are not always easy

Your child's check-ups help to spot problems early. We also know that work, travel, other
children, money or worry can get in the way. Please tell us. We will not think less of you
for asking.

# What we can do

- change the time, or see you closer to home
- arrange some appointments by phone or video
- help with travel costs, if you get certain benefits
- book an interpreter, free of charge
- send a text message the day before
- make a quiet space for a child who finds waiting hard

# If you cannot come

Ring the number on your letter as soon as you can. We will find another time. If you miss a
visit and we have not heard from you, we will phone to check that you and your child are all
right.

# Why we ask other people

If your child misses more than one visit, we may speak to your GP, or to your child's school
or nursery. We do this so that we can offer the right help. We will tell you first, unless
that could put a child at risk.

# Who to ask

Marlowe Vale family help line: 01632 960144, Monday to Friday, 8am to 6pm. Ask us for this
leaflet in large print, easy read or another language.
"""),
)

DISAGREEMENTS_PROTOCOL = Document(
    key="disagreements-protocol",
    title="Resolving professional disagreements protocol",
    file_name="resolving-professional-disagreements-protocol.pdf",
    role="protocol",
    date="2025-01-20",
    audiences=("social-care", "health", "police", "education", "voluntary-sector"),
    summary="Who to speak to, and how soon, when services do not agree.",
    sections=sections("""
# Why this matters

Good challenge protects children. Disagreement between services is a normal part of the
work, and a sign that people are thinking. What harms children is a disagreement that nobody
settles.

# Before you start

Keep the child safe first. If a child may be at risk of harm today, act on the more cautious
view, and talk afterwards.

# The four stages

- Stage 1, the same day: the two practitioners talk, in person or by phone.
- Stage 2, within two working days: their managers talk.
- Stage 3, within five working days: the safeguarding leads of both agencies meet.
- Stage 4, within ten working days: the partnership's chair decides, in writing.

# What to record

Write down what the disagreement is about, what each service thinks should happen for the
child, what was decided, and why. Put it on the child's record. Send stage 3 and 4 outcomes
to the partnership team, which reports what it has learned from them each year.
"""),
)
