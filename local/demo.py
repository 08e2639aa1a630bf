"""Fill the demo room with the sample PDFs, over the product's own protocol, as any client would."""

from pathlib import Path

from websockets.exceptions import WebSocketException

from cli.client import Client, RefusedError
from cli.room import Room
from cli.uploading import upload
from local.steps import StepError

ROOM = "Demo"
SAMPLES = Path(__file__).resolve().parent / "samples"
STEP = "Filling the demo room"
TO_DO_AGAIN = {"failed", "awaiting_upload"}  # a run that was cut off leaves the latter


def fill_room(websocket_url: str, access_token: str, samples: Path = SAMPLES) -> list[str]:
    """Upload each sample that the room lacks and wait until it is read; return the names of those uploaded.

    Raises StepError when a sample is refused, cannot be read, or makes no progress for five minutes.
    """
    try:
        with Room(lambda _renew: Client(websocket_url, access_token), ROOM) as room:
            present = {found.name for found in room.opened.documents if found.status not in TO_DO_AGAIN}
            missing = [path for path in sorted(samples.glob("*.pdf")) if path.name not in present]
            for path in missing:
                document, _ = upload(room, path)
                if document.status == "failed":
                    raise StepError(STEP, f"{path.name} could not be read: {document.reason}")
    except TimeoutError as error:
        raise StepError(STEP, "no answer came in time") from error
    except (OSError, WebSocketException, RefusedError) as error:
        raise StepError(STEP, str(error)) from error
    return [path.name for path in missing]
