"""The topics: what each is called, who writes it, who reads it, and by what it is kept in order.

Each is a past fact. What nobody can read goes to the table `dead_letter`, with its reason.
"""

POSTS_COLLECTED = "posts.collected"
POSTS_BACKFILLED = "posts.backfilled"
POSTS_ASSESSED = "posts.assessed"
INCIDENTS_CHANGED = "incidents.changed"

ALL = (POSTS_COLLECTED, POSTS_BACKFILLED, POSTS_ASSESSED, INCIDENTS_CHANGED)

WRITERS = {
    POSTS_COLLECTED: ("collect", "import", "web"),
    POSTS_BACKFILLED: ("collect", "import", "web"),
    POSTS_ASSESSED: ("assess",),
    INCIDENTS_CHANGED: ("relay",),
}
"""Roles, and the command that brings in files."""

KEYS = {
    POSTS_COLLECTED: "post",
    POSTS_BACKFILLED: "post",
    POSTS_ASSESSED: "post",
    INCIDENTS_CHANGED: "incident",
}
"""Order holds among the messages of one key."""

READERS = {
    POSTS_COLLECTED: ("assess",),
    POSTS_BACKFILLED: ("assess-backfill",),
    POSTS_ASSESSED: ("track",),
    INCIDENTS_CHANGED: ("notify", "project"),
}
"""The consumer groups of each topic: what none of them needs any more may go (`producers.tidy`)."""
