"""Documents about one child: briefing, reports, summary and action plan. All invented."""

from __future__ import annotations

from .shapes import Document, sections

CHILD_K_BRIEFING = Document(
    key="child-k-briefing",
    title="Briefing note: Child K",
    file_name="child-k-briefing-note.pdf",
    role="briefing-note",
    date="2026-03",
    audiences=("social-care", "health", "gp", "education", "early-years"),
    summary="Two pages for teams: what happened, what we learned, what to do differently.",
    sections=sections("""
# Why we looked at this

Child K has a long-term health condition that is usually well managed at home with regular
check-ups. Over about a year, K was not brought to several of those check-ups. K became
seriously unwell, needed hospital care, and has recovered.

The case did not meet the threshold for a child safeguarding practice review. Partners
agreed that there was still something to learn together, so we held a learning review with
the practitioners who knew the family. K and K's parent both took part, and told us how this
time had felt for them.

# What we learned

- A missed appointment was recorded as 'did not attend'. Those words put the decision on the
  child, who could not have come alone.
- Each service saw one or two missed visits. Nobody saw all of them in one place.
- Letters went to an old address. The school had the new one.
- When K's parent was asked what made it hard to come, the answer was practical: shift work,
  two buses and a younger child. No one had asked before.
- K could describe how the condition felt on a bad day. That was the clearest account in any
  record, and only the school nurse had written it down.

# What good practice looked like

The school nurse rang the specialist team when K seemed tired for a third week, and kept
ringing until someone called back. A receptionist at the GP surgery noticed the returned
letters and told the practice manager. Both acted on a small worry, and both said that they
had felt unsure whether it was their place.

# What to do differently now

- Write 'was not brought', and say what you did about it.
- After the second missed visit, phone the family. Ask what gets in the way, and offer a
  different time or place.
- Ask other services before you close the case, not after.
- Follow the children not brought to appointments protocol.
- Speak with the child on their own if you can, and record what they say.

# Questions for your team meeting

- How would we notice that a child has missed visits with three services?
- Who checks that the address and phone number we hold are right?
- When did one of us last ask a parent what makes it hard to come?
"""),
)

CHILD_R_REPORT = Document(
    key="child-r-report",
    title="Child R report",
    file_name="child-r-report.pdf",
    role="overview-report",
    date="2024-09",
    audiences=("social-care", "police", "education", "health", "public"),
    summary="The full report of the review.",
    sections=sections("""
# About this report

This is a local child safeguarding practice review. It looks at how agencies in Marlowe Vale
worked with a young person, whom we call R, and R's family. It does not set out to blame
anyone. Some details have been left out or changed so that R cannot be recognised. R has
read it and asked for two sentences to be added. They are at the end.

# What happened

R was 16 and had been out of school for most of two terms when older people began to use R
to carry drugs to other towns. R went missing several times. R was later seriously injured
by people who were part of the same group. R has been supported to move, and is doing well.

# R's experience

R liked practical lessons and was close to a grandparent. When the timetable was cut to
three mornings a week, the days became long. R told us: the people who were bad for me were
the only ones who asked how I was.

# Finding 1: time out of school was treated as an attendance matter

The reduced timetable was meant to last six weeks. Nobody reviewed it. Meetings talked about
attendance figures and not about where R was, or with whom, in the hours when other children
were in class.

# Finding 2: each missing episode was closed on its own

R came back each time, and each report was closed. Return conversations were offered by
letter, and R did not reply. Read in a row, the reports show a pattern of places and times
that pointed to exploitation.

# Finding 3: support ended when R did not come

A mental health referral was closed after two missed appointments. The service did not know
that R was missing from home on both days, because it had not been told.

# Finding 4: R's grandparent was an ally whom nobody called

R's grandparent knew the most about where R went, and rang three different numbers. Each
call was noted. None led to a conversation.

# What was done well

A youth worker stayed in touch after R's case had been closed, on R's terms. A police
officer who met R at a railway station saw a child at risk, and not a suspect, and wrote
that down. Both made it possible for R to accept help later.

# Recommendations

- The council reviews every reduced timetable at six weeks, with a named adult who knows
  where the child is during the rest of the day.
- The police and the council look at missing episodes together once a week, and offer the
  return conversation in person, by someone the child chooses.
- Health services ask partners before they close a child's case because of missed
  appointments.
- All partners name one worker for a child at risk outside the home, and give their number
  to the family members whom the child trusts.

# R's own words

I was never hard to reach. You had my nan's number the whole time.
"""),
)

CHILD_R_ACTION_PLAN = Document(
    key="child-r-action-plan",
    title="Child R action plan",
    file_name="child-r-action-plan.pdf",
    role="action-plan",
    date="2025-11",
    audiences=("social-care", "police", "education", "health"),
    summary="What each agency agreed to do, by when, and how far it has come.",
    sections=sections("""
# How to read this plan

Each action answers one recommendation of the Child R report. The partnership's learning
group checks progress every three months, and asks for evidence that children notice a
difference. This version was agreed in November 2025.

# Action 1: review reduced timetables at six weeks

- Lead: Marlowe Vale Council, education
- Due: March 2025
- Status: completed
- Evidence: every reduced timetable has a review date and a named adult. A check of 20 cases
  in the summer term found two that were late.

# Action 2: look at missing episodes together

- Lead: Marlowe Vale Police
- Due: June 2025
- Status: completed
- Evidence: a weekly meeting has been held since May. Two in three children now take up a
  return conversation. Before, it was one in four.

# Action 3: ask before closing a case after missed appointments

- Lead: Marlowe Vale health partners
- Due: April 2026
- Status: in progress
- Evidence: a joint protocol has been drafted and is being tried in two teams.

# Action 4: one named worker, one number

- Lead: Marlowe Vale Council, children's social care
- Due: 2026
- Status: in progress
- Evidence: in place for children with a plan. Work with schools has begun for children who
  have none.
"""),
)

CHILD_C_REPORT = Document(
    key="child-c-report",
    title="Child C report",
    file_name="child-c-report.pdf",
    role="overview-report",
    date="2017-11",
    audiences=("social-care", "health", "public"),
    summary="The full report of the serious case review.",
    sections=sections("""
# About this review

The Marlowe Vale Safeguarding Children Board carried out this serious case review after the
death of a baby, whom we call C. An independent reviewer worked with the practitioners who
had known the family. We are grateful to C's parents and grandparents, who spoke with the
reviewer.

# Summary

C's parents were young and moved home three times during the pregnancy. Each move brought a
new midwife and a new health visitor. Advice about safer sleep was given each time, as a
leaflet, and each record says that it was given. The family's last home had no space for a
cot.

# What we learned

- Advice works when it begins with how the family really lives.
- Seeing where a baby will sleep matters more than recording that it was discussed.
- When a family moves, the worker who knows them should speak to the next one.
- Housing officers saw the home more often than anyone, and were not asked.

# What has changed

Health visitors now see the sleeping place at the first visit and again at six weeks.
Housing staff have been trained, and can order a cot the same day.
"""),
)

CHILD_M_SUMMARY = Document(
    key="child-m-summary",
    title="Child M executive summary",
    file_name="child-m-executive-summary.pdf",
    role="executive-summary",
    date="2011-06",
    audiences=("social-care", "health", "public"),
    summary="A summary. The full report was not published.",
    sections=sections("""
# Introduction

This is the executive summary of a serious case review about a child known here as M. It was
the practice at the time to publish a summary and not the full report.

# Background

M lived with a parent who had periods of severe mental illness. Adult mental health services
knew the parent well. Children's services knew M a little. The two did not know each other's
plans. M was harmed during a time of crisis, and now lives with relatives.

# Key findings

- Plans for the adult did not ask who would care for the child.
- M's teacher was a steady presence, and was not invited to meetings.
- A changed medicine was a change in risk for M, but only one service knew.

# Recommendations

- Every mental health care plan names the children in the household.
- A child's school is asked to each planning meeting.
- The two services hold a joint visit within five days of a crisis.
"""),
)

CHILD_H_REPORT = Document(
    key="child-h-report",
    title="Child H report",
    file_name="child-h-report.pdf",
    role="overview-report",
    date="2009",
    audiences=("social-care", "education", "public"),
    summary="The report of the serious case review.",
    sections=sections("""
# About this report

This report concerns a child of primary school age, called H here. The review was finished
in 2009. It is kept on this site because later work refers to it.

# What happened

H looked after a parent who was ill, and two younger children. H was often late for school
and was praised for being grown up. When the family's heating failed, H tried to keep the
little ones warm, and was injured in an accident at home.

# What we learned

- A capable child can hide how much is being asked of them.
- Nobody used the words 'young carer', so nobody offered a carer's assessment.
- Lateness was recorded 41 times and discussed once.
- Adult services visited at hours when the children were at school.

# Actions agreed

Adult services ask about children at each first visit. Schools have a named lead for young
carers. Both report to the board once a year.
"""),
)
