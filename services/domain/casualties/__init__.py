"""Reading casualties and losses out of Chinese text: as stated, with bounds and the words behind."""

from services.domain.casualties.reading import CasualtyReading, read_casualties

__all__ = ["CasualtyReading", "read_casualties"]
