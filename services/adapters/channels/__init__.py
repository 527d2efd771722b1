"""Ways to reach people: one file each. Every channel tells what the provider said, and raises nothing for it."""

from services.adapters.channels.email import EmailChannel
from services.adapters.channels.webhook import WebhookChannel

__all__ = ["EmailChannel", "WebhookChannel"]
