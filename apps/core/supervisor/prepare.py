"""What has to be right before the processes start: the schema of the database and the collected static files."""

import hashlib
from pathlib import Path
from typing import cast

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

MIGRATION_LOCK = 0x646F63696E74656C  # "docintel"; any number that every process of ours agrees on


def migrate() -> int:
    """Apply what is unapplied, one process at a time; gives the number of migrations."""
    if not count_unapplied():
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            count = count_unapplied()  # somebody else may have done it while we waited
            if count:
                call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
    return count


def count_unapplied() -> int:
    """Count the migrations that the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect_static() -> bool:
    """Collect the static files unless they are as they were the last time; tells whether it did."""
    target = Path(settings.STATIC_ROOT)
    marker = target / ".collected"
    signature = _static_signature()
    if marker.exists() and marker.read_text() == signature:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    marker.write_text(signature)
    return True


def protect_mail() -> None:
    """Close our own folder of written mails to the machine's other users: they hold links that let people in."""
    folder = settings.DATA_DIR / "mail"
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend") and Path(settings.EMAIL_FILE_PATH) == folder:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)


def _static_signature() -> str:
    """Names, sizes and times of all source files: cheaper than reading them."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(cast("FileSystemStorage", storage).path(path)).stat()
            digest.update(f"{path}:{status.st_size}:{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
