"""The migrations are tested once there are any."""

from services.adapters.migrating import FOLDER

collect_ignore = [] if list(FOLDER.glob("versions/*.py")) else ["test_migrations.py"]
