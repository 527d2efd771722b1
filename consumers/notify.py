"""incidents.changed → people. Rows are written first, in one transaction; a loop sends what is due."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import structlog

from config.channels import load_retry
from config.settings import Settings
from consumers.pipe import Pipe
from services.adapters import wire
from services.adapters.channels.email import EmailChannel, Mailbox
from services.adapters.channels.robots import KINDS, RobotChannel
from services.adapters.channels.webhook import WebhookChannel, new_client
from services.domain.delivery import Retry
from services.domain.ledger import Entry
from services.topics import INCIDENTS_CHANGED
from services.usecases.notifying import Channel, Desk, Lane, deliver_due, lanes, take_in
from services.usecases.ports import NotNow, Received
from services.wiring import House

log = structlog.get_logger(__name__)
LOOK_SECONDS = 0.5


def notify_pipe(house: House) -> Pipe:
    """A delivery row per person and channel, before anything is sent."""

    async def take(entries: Sequence[Entry]) -> None:
        directory = await house.directory()
        async with house.store.unit() as unit:
            incidents = await unit.load([e.incident_id for e in entries])
            desk = Desk(directory, incidents, house.settings.public_url)
            await take_in(entries, house.clock.now(), house.deliveries.within(unit.connection), desk)

    return Pipe("notify", INCIDENTS_CHANGED, _read, take, writes="delivery")


def _read(received: Received) -> Entry:
    return wire.decode_entry(received.body)


@asynccontextmanager
async def channels(house: House) -> AsyncIterator[dict[str, Channel]]:
    """The channels this installation has: webhook and robots always, mail where a server is set."""
    async with new_client() as client:
        keys = house.people.secrets()
        opened: dict[str, Channel] = {"webhook": WebhookChannel(client, keys)}
        opened |= {kind.name: RobotChannel(kind, client, keys) for kind in KINDS}
        if house.settings.smtp_host:
            opened["email"] = EmailChannel(_mailbox(house.settings))
        yield opened


def _mailbox(settings: Settings) -> Mailbox:
    password = settings.smtp_password_file.read_text(encoding="utf-8").strip() if settings.smtp_password_file else ""
    security = "starttls" if settings.smtp_starttls else "none"
    return Mailbox(settings.smtp_host, settings.smtp_port, settings.smtp_sender, security, settings.smtp_user, password)


async def deliver(house: House, stop: asyncio.Event) -> None:
    """Send what is due until `stop` is set; what a killed process left half-sent comes due again."""
    retry = load_retry(house.settings.config_dir / "channels.toml")
    async with channels(house) as opened, asyncio.TaskGroup() as rounds:
        under_way: dict[Lane, asyncio.Task[None]] = {}
        while not stop.is_set():
            under_way = {lane: task for lane, task in under_way.items() if not task.done()}
            for lane in lanes(await _due(house), opened) - under_way.keys():
                under_way[lane] = rounds.create_task(_round(house, stop, lane, opened, retry))
            await _pause(stop)


async def _due(house: House) -> list[tuple[str, str]]:
    try:
        return await house.deliveries.due(house.clock.now())
    except NotNow as trouble:
        log.warning("delivery paused", reason=str(trouble))
        return []


async def _round(house: House, stop: asyncio.Event, lane: Lane, opened: Mapping[str, Channel], retry: Retry) -> None:
    """Everything that is due on one lane; a round that is still waiting for an answer delays this lane only."""
    tried = lane.at_once
    while tried == lane.at_once and not stop.is_set():
        try:
            tried = await deliver_due(house.clock.now(), house.deliveries, lane, opened, retry)
        except NotNow as trouble:
            log.warning("delivery paused", reason=str(trouble))
            return


async def _pause(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
    except TimeoutError:
        return
