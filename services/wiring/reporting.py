"""The annual report, assembled: the ledger's facts, the units of the city, the figures they entered."""

from __future__ import annotations

from config.gazetteer import home_of
from config.layouts import load_layout
from services.adapters.desk.facts import LedgerFacts
from services.adapters.store.figures import FigureStore
from services.domain.report import AnnualReport, Layout, Office, Unit
from services.usecases import reporting
from services.wiring.house import House


def office(house: House) -> Office:
    """The city and its reporting units: every body of `departments.toml`."""
    units = tuple(Unit(d.code, d.name) for d in house.departments.departments)
    code, name = home_of(house.settings.config_dir)
    return Office(Unit(house.settings.city or code, house.settings.city_name or name), units)


def layout(house: House, name: str) -> Layout:
    """The layout of an era: 2014, 2019 or 2021. Raises BadConfig."""
    return load_layout(name, house.settings.config_dir / "reports")


async def annual(house: House, request: reporting.Request, name: str) -> AnnualReport:
    """The filled report. Raises NoSuchUnit."""
    city = office(house)
    facts = LedgerFacts(house.reader, [unit.code for unit in city.units], house.departments.offices.general)
    return await reporting.annual(request, layout(house, name), city, facts, FigureStore(house.database))
