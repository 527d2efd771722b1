"""Driven by people: pages, the API for programs, and live updates."""
