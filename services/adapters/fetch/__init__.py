"""HTTP for addresses that strangers wrote: guarded, bounded, polite."""

from services.adapters.fetch.client import FetchLimits, HttpFetcher
from services.adapters.fetch.guard import Guard, GuardedBackend, Refused

__all__ = ["FetchLimits", "Guard", "GuardedBackend", "HttpFetcher", "Refused"]
