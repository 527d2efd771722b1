"""huiying (回应): domain, use cases, adapters and the faces of the service."""
