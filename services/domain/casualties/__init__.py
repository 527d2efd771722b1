"""Reading casualties and losses out of Chinese text: as stated, with bounds and the words behind."""

from services.domain.casualties.reading import CUES, MAX_CHARACTERS, CasualtyReading, read_casualties

__all__ = ["CUES", "MAX_CHARACTERS", "CasualtyReading", "read_casualties"]
