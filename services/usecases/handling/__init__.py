"""处置: a person acts on an incident. The way in for console and drill."""

from services.usecases.handling.given import LATEST, TAKES, moment_of
from services.usecases.handling.performing import Command, carrying, perform

__all__ = ["LATEST", "TAKES", "Command", "carrying", "moment_of", "perform"]
