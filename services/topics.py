"""The topics: what each is called and who reads it. Who writes it, and its key: docs/flow.md.

Each is a past fact. What nobody can read goes to the table `dead_letter`, with its reason.
"""

POSTS_COLLECTED = "posts.collected"
POSTS_BACKFILLED = "posts.backfilled"
POSTS_ASSESSED = "posts.assessed"
INCIDENTS_CHANGED = "incidents.changed"

ALL = (POSTS_COLLECTED, POSTS_BACKFILLED, POSTS_ASSESSED, INCIDENTS_CHANGED)

READERS = {
    POSTS_COLLECTED: ("assess",),
    POSTS_BACKFILLED: ("assess-backfill",),
    POSTS_ASSESSED: ("track",),
    INCIDENTS_CHANGED: ("notify", "project"),
}
"""The consumer groups of each topic: what none of them needs any more may go (`producers.tidy`)."""
