"""回应发布, as a recorded fact."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.domain.vocabulary import PublicationForm


@dataclass(frozen=True, slots=True)
class Publication:
    """回应发布: the only thing that meets a statutory duty.

    `came_from` is the merged incident on whose number it was recorded, before the merge or since; `below` are those
    merged into that one, and so on down to the number that was used.
    """

    form: PublicationForm
    channel: str
    address: str
    publisher: str
    published_at: datetime
    recorded_at: datetime
    recorded_by: str
    by_principal_leader: bool = False
    came_from: str = ""
    below: tuple[str, ...] = ()

    def from_below(self, incident_id: str) -> Publication:
        """As the incident has it into which this one was merged."""
        return replace(self, came_from=incident_id, below=self._path)

    def as_below(self) -> Publication:
        """As the merged incident itself has it."""
        return replace(self, came_from="".join(self.below[:1]), below=self.below[1:])

    def alone(self) -> Publication:
        """Without the way it came: by that one is known again that was kept when less of the way was told."""
        return replace(self, came_from="", below=())

    @property
    def recorded_on(self) -> str:
        """The number that was used, where it is that of a merged incident."""
        return "".join(self._path[-1:])

    @property
    def _path(self) -> tuple[str, ...]:
        return (self.came_from, *self.below) if self.came_from else ()

    @property
    def late_recorded(self) -> bool:
        """Entered after the fact: it counts by when it was published, and is flagged."""
        return self.recorded_at > self.published_at
