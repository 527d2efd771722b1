"""Importing this registers every table in one metadata: what migrations and `create_all` work on."""

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
