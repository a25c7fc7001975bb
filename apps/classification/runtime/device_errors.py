"""What goes wrong with a card. Importing this module loads no torch."""

from apps.core.errors import TransientError


class DeviceError(TransientError):
    """What was asked for does not compute here; the message says why."""

    code = "device_unavailable"


class DeviceFullError(TransientError):
    """A single text found no room in the card's memory."""

    code = "device_full"
    message = "The card's memory is full, so that not even a single text has room."


class DeviceLostError(DeviceError):
    """A card failed after it had computed. Nothing in this process can use it any more; another process may."""

    code = "device_lost"
