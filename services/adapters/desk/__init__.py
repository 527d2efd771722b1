"""The desk: what the pages and the tables read. `writing` keeps it, `reading` answers from it."""

from services.adapters.desk.reading import DamagedRecord, DeskReader, FeedItem, Filter, ListedIncident
from services.adapters.desk.writing import Desk

__all__ = ["DamagedRecord", "Desk", "DeskReader", "FeedItem", "Filter", "ListedIncident"]
