"""Topic names. Each is a past fact and has exactly one writer.

| topic                | written by              | read by                         | key         |
|----------------------|-------------------------|---------------------------------|-------------|
| posts.collected      | collect, web (push)     | assess                          | post key    |
| posts.assessed       | assess                  | track                           | post key    |
| posts.backfilled     | collect --since, import | assess (no clock is started)    | post key    |
| incidents.changed    | relay                   | notify, project                 | incident id |
| deadletters          | any consumer            | `huiying deadletters`           | topic       |
"""

POSTS_COLLECTED = "posts.collected"
POSTS_BACKFILLED = "posts.backfilled"
POSTS_ASSESSED = "posts.assessed"
INCIDENTS_CHANGED = "incidents.changed"
DEADLETTERS = "deadletters"

ALL = (POSTS_COLLECTED, POSTS_BACKFILLED, POSTS_ASSESSED, INCIDENTS_CHANGED, DEADLETTERS)
