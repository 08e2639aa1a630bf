"""The whole system is stopped and started again on the same folder, and no data are lost. Runs last."""

from documind.errors import Ending
from documind.ids import new_random_id
from documind.wire import MessageFrame, RoomList, Rooms
from local.deployment import Deployment
from local.system import LocalSystem
from tests.deployed import Person
from tests.e2e.asking import ask
from tests.e2e.rooms import HANDBOOK, history_of, summarised, upload
from tests.e2e.test_main_job import without_quotes

QUESTION = "Where do we gather when the bell rings?"


def test_everything_survives_a_restart(system: LocalSystem, deployed: Deployment, person: Person) -> None:
    client = person.connect()
    client.open("Lasting")
    upload(client, HANDBOOK)
    document = summarised(client)
    asked = ask(client, QUESTION)
    said = [without_quotes(frame.message) for frame in asked.of(MessageFrame)]
    deployed_at = system.plan.record.stat().st_mtime_ns

    system.stop()
    assert system.start() == deployed
    assert system.plan.record.stat().st_mtime_ns == deployed_at  # it was not deployed again

    again = person.connect()
    assert [room.name for room in again.request(RoomList(request_id=new_random_id()), Rooms).rooms] == ["Lasting"]
    assert again.open("Lasting").documents == [document]
    assert history_of(again) == said
    answer = ask(again, QUESTION).end
    assert answer.ending is Ending.ANSWER
    assert [(citation.page, citation.quote) for citation in answer.citations] == [
        (citation.page, citation.quote) for citation in asked.end.citations
    ]
