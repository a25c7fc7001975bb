"""What is put right before the processes start."""

from pathlib import Path

from pytest_django import Settings

from apps.core.supervisor.prepare import protect_mail


def test_written_mails_are_closed_to_other_users(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.DATA_DIR = tmp_path / "data"
    settings.EMAIL_FILE_PATH = str(tmp_path / "data" / "mail")
    protect_mail()
    assert (tmp_path / "data" / "mail").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_somebody_else_chose_stays_as_it_is(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    tmp_path.chmod(0o755)
    protect_mail()
    assert tmp_path.stat().st_mode & 0o777 == 0o755
