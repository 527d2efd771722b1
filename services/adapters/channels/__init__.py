"""Ways to reach people: one file each. Every channel tells what the provider said, and raises nothing for it."""

from services.adapters.channels.email import EmailChannel, Mailbox
from services.adapters.channels.robots import KINDS, RobotChannel
from services.adapters.channels.webhook import WebhookChannel, new_client

__all__ = ["KINDS", "EmailChannel", "Mailbox", "RobotChannel", "WebhookChannel", "new_client"]
