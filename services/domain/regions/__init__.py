"""属地: places named in a post. `Gazetteer.find(title, text)` gives a `RegionReading`."""

from services.domain.regions.gazetteer import Gazetteer, RegionReading
from services.domain.regions.names import Hit, Kind, Matcher, Mention, Name, Rules, plain_matcher

__all__ = ["Gazetteer", "Hit", "Kind", "Matcher", "Mention", "Name", "RegionReading", "Rules", "plain_matcher"]
