"""The tables, as SQLModel classes: shapes only. Rows are never domain objects; `store` maps them.

SQLModel does not validate `table=True` classes, so nothing is checked here: values are checked in the domain.
Each area has its module; importing this package registers them all in one metadata.
"""

from sqlmodel import SQLModel

from services.adapters.tables import accounts as accounts
from services.adapters.tables import corrections as corrections
from services.adapters.tables import deadletters as deadletters
from services.adapters.tables import deliveries as deliveries
from services.adapters.tables import desk as desk
from services.adapters.tables import figures as figures
from services.adapters.tables import grouping as grouping
from services.adapters.tables import incidents as incidents
from services.adapters.tables import log as log
from services.adapters.tables import sources as sources

metadata = SQLModel.metadata
