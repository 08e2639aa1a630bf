"""Opening and leaving rooms: access, the snapshot, and the presence sent to others."""

import time
from collections.abc import Callable, Iterator
from threading import Event

import pytest

from documind import wire
from documind.errors import Code
from documind.ids import new_ulid
from documind.stores.items import Item, ItemTable
from documind.stores.rooms import RoomStore
from tests.functional.world import ANN, Person, World, all_of, endings, kinds, only, shown_text


def test_a_room_is_created_by_its_first_open_and_found_again(world: World, ann: Person) -> None:
    first = only(wire.Opened, ann.send(wire.Open(request_id="r1", room="Physics")))
    assert (first.request_id, first.name, first.role, first.user.name) == ("r1", "Physics", "owner", "Ann")
    assert (first.documents, first.active) == ([], [])
    assert [member.user_id for member in first.members] == ["ann"]
    assert world.person(device="phone").open("Physics") == first.chat_id


@pytest.mark.parametrize(
    ("made", "asked"),
    [("物理 筆記", "物理　筆記"), ("Physics Notes", "  physics   NOTES "), ("ＡＢＣ", "abc"), ("Café", "Cafe\u0301")],
)
def test_names_are_compared_in_normalised_form(ann: Person, made: str, asked: str) -> None:
    chat_id = ann.open(made)
    again = only(wire.Opened, ann.send(wire.Open(request_id="r", room=asked)))
    assert (again.chat_id, again.name) == (chat_id, made)


def test_the_same_name_is_another_room_for_another_user(world: World) -> None:
    assert world.person("ann").open("Physics") != world.person("bob").open("Physics")


def test_two_connections_that_open_a_new_room_at_once_get_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = RoomStore._create  # noqa: SLF001
    made_in_between: list[str] = []

    def after_another(store: RoomStore, user: wire.User, name: str, by_name: dict[str, str]) -> object:
        if not made_in_between:
            created = create(store, user, name, by_name)
            made_in_between.extend([created.chat_id] if created else [])
        return create(store, user, name, by_name)

    monkeypatch.setattr(RoomStore, "_create", after_another)
    assert world.person().open("物理") == made_in_between[0]
    assert [room.chat_id for room in world.rooms.of_user("ann")] == made_in_between


def test_somebody_elses_room_is_not_found_by_its_id(world: World, chat_id: str) -> None:
    eve = world.person("eve", language="zh-TW")
    error = only(wire.ErrorFrame, eve.enter(chat_id))
    assert (error.code, error.message[:8]) == (Code.ROOM_NOT_FOUND, "找不到這個聊天室")
    assert world.connections.room_of(eve.connection_id) is None
    unknown = only(wire.ErrorFrame, eve.enter("no-such-room"))
    assert (unknown.code, unknown.message) == (error.code, error.message)


def test_a_room_that_is_being_deleted_is_not_found(world: World, ann: Person, chat_id: str) -> None:
    world.begin_deletion(chat_id)
    assert only(wire.ErrorFrame, ann.enter(chat_id)).code == Code.ROOM_NOT_FOUND
    assert only(wire.Rooms, ann.send(wire.RoomList(request_id="r"))).rooms == []


def test_opening_shows_the_room_and_then_its_history(world: World) -> None:
    ann, bob = world.person("ann"), world.person("bob")
    chat_id = ann.open()
    document = world.ready_document(chat_id, "Mass is inertia.")
    ann.ask("q1", "What is mass?")
    world.models.pieces = ["Inertia [1]."]
    world.run_workflow(chat_id)
    world.invite(chat_id, "bob")
    frames = bob.enter(chat_id)
    assert kinds(frames) == ["opened", "history"]
    opened = only(wire.Opened, frames)
    assert [each.document_id for each in opened.documents] == [document.document_id]
    assert [member.user_id for member in opened.members] == ["ann", "bob"]
    assert opened.limits.max_question_characters == 4_000
    page = only(wire.HistoryFrame, frames)
    assert [(message.kind, message.text) for message in page.messages] == [
        ("question", "What is mass?"),
        ("answer", "Inertia [1]."),
    ]
    assert page.next is None


def test_opening_during_an_answer_gives_the_text_so_far_and_deltas_continue_it(world: World) -> None:
    ann, bob = world.person("ann"), world.person("bob")
    chat_id = ann.open()
    world.ready_document(chat_id, "Mass is inertia.")
    ann.ask()
    world.invite(chat_id, "bob")
    entered, continued = Event(), Event()
    snapshot: list[wire.ServerFrame] = []

    def pieces() -> Iterator[str]:
        yield "質量 🍎"
        assert entered.wait(5)
        yield " is inertia"
        assert continued.wait(5)
        yield " [1]."

    def on_post(connection_id: str, frame: wire.ServerFrame) -> None:
        if isinstance(frame, wire.Delta) and connection_id == ann.connection_id and not entered.is_set():
            snapshot.extend(bob.enter(chat_id))
            entered.set()
        elif isinstance(frame, wire.Delta) and connection_id == bob.connection_id and frame.after:
            continued.set()

    world.api.on_post = on_post
    world.models.pieces = pieces()
    world.run_workflow(chat_id)
    assert kinds(snapshot) == ["opened", "history", "delta"]
    assert [question.question_id for question in only(wire.Opened, snapshot).active] == ["q1"]
    followed = bob.seen()
    assert shown_text(snapshot) == "質量 🍎"
    assert shown_text([*snapshot, *followed]) == "質量 🍎 is inertia"
    assert [message.text for message in endings(followed)] == ["質量 🍎 is inertia [1]."]


def test_a_room_with_more_documents_than_fit_one_frame_is_shown_completely(world: World) -> None:
    ann = world.person()
    chat_id = ann.open()
    names = [f"{number:03}" + "長" * 250 for number in range(60)]
    for name in names:
        world.documents.register(chat_id, name, 1, new_ulid(), ANN)
    frames = ann.enter(chat_id)
    opened, rest = only(wire.Opened, frames), all_of(wire.DocumentFrame, frames)
    assert rest
    assert [each.name for each in [*opened.documents, *(frame.document for frame in rest)]] == names


def test_other_connections_get_the_presence_of_users_who_open_and_leave(world: World) -> None:
    ann, bob = world.person("ann"), world.person("bob")
    chat_id = ann.open()
    world.invite(chat_id, "bob")
    assert kinds(bob.enter(chat_id)) == ["opened", "history"]
    assert members(ann) == ["ann", "bob"]
    assert kinds(bob.send(wire.Leave(request_id="r"))) == ["pong"]
    assert members(ann) == ["ann"]
    bob.enter(chat_id)
    ann.seen()
    bob.disconnect()
    assert members(ann) == ["ann"]
    assert kinds(ann.send(wire.Leave(request_id="r"))) == ["pong"]
    assert kinds(ann.send(wire.Leave(request_id="r"))) == ["pong"]


def test_a_person_with_two_devices_is_one_member(world: World) -> None:
    laptop, phone = world.person(device="laptop"), world.person(device="phone")
    chat_id = laptop.open()
    assert [member.user_id for member in only(wire.Opened, phone.enter(chat_id)).members] == ["ann"]
    phone.disconnect()
    assert all_of(wire.Members, laptop.seen()) == []
    assert [member.here for member in world.members.of_room(chat_id)] == [True]


def test_a_connection_whose_disconnect_was_lost_does_not_stay_in_the_fan_out_list(
    world: World, let_pass: Callable[[float], None]
) -> None:
    chat_id = world.person().open()
    let_pass(3 * 3600)
    phone = world.person(device="phone")
    phone.enter(chat_id)
    assert [each.connection_id for each in world.connections.of_room(chat_id)] == [phone.connection_id]


def test_opening_another_room_leaves_the_first(world: World) -> None:
    laptop, phone = world.person(device="laptop"), world.person(device="phone")
    first = laptop.open("one")
    phone.open("one")
    second = laptop.open("two")
    assert all_of(wire.Members, phone.seen()) == []
    phone.ask()
    assert laptop.seen() == []
    laptop.ask("q2")
    assert phone.seen() == []
    assert world.workflow.started == [(first, "q1"), (second, "q2")]


@pytest.mark.parametrize("is_in_a_room", [False, True])
def test_two_rooms_opened_at_once_leave_the_connection_in_exactly_one(world: World, is_in_a_room: bool) -> None:
    ann = world.person()
    rooms = {ann.open("one"), ann.open("two"), ann.open("three")}
    if not is_in_a_room:
        ann.send(wire.Leave(request_id="r"))
    opened: list[str] = []
    get = ItemTable.get

    def while_another_is_opened(table: ItemTable, **key: str) -> Item | None:
        item = get(table, **key)
        if key["sk"] == "CONN" and not opened:
            opened.append("one")
            ann.open("one")
        return item

    world.monkeypatch.setattr(ItemTable, "get", while_another_is_opened)
    last = ann.open("two")
    listed = {chat_id for chat_id in rooms if world.connections.of_room(chat_id)}
    assert listed == {last} == {world.connections.room_of(ann.connection_id)}


def test_a_connection_that_ends_while_it_opens_a_room_is_in_no_fan_out_list(world: World) -> None:
    ann = world.person()
    chat_id = ann.open()
    ann.send(wire.Leave(request_id="r"))
    get = ItemTable.get

    def while_it_ends(table: ItemTable, **key: str) -> Item | None:
        item = get(table, **key)
        if item and item["sk"] == "CONN":
            world.rooms_table.delete_item(Key=key)
        return item

    world.monkeypatch.setattr(ItemTable, "get", while_it_ends)
    ann.enter(chat_id)
    assert world.connections.of_room(chat_id) == []
    assert get(ItemTable(world.rooms_table), pk=f"CONN#{ann.connection_id}", sk="CONN") is None


def test_the_rooms_of_a_user_come_in_the_order_of_their_names(world: World, ann: Person) -> None:
    world.person("bob").open("Secret")
    for name in ("物理", "biology", "Algebra"):
        ann.open(name)
    rooms = only(wire.Rooms, ann.send(wire.RoomList(request_id="r")))
    assert rooms.request_id == "r"
    assert [room.name for room in rooms.rooms] == ["Algebra", "biology", "物理"]


def members(person: Person) -> list[str]:
    """Return who is in the room, by the last presence frame that this person received."""
    return [member.user_id for member in all_of(wire.Members, person.seen())[-1].members if member.here]


def test_a_connection_found_gone_still_has_its_departure_broadcast_and_its_room_flushed(world: World) -> None:
    ann, ben = world.person("ann"), world.person("ben")
    chat_id = ann.open()
    world.invite(chat_id, "ben")
    ben.enter(chat_id)
    ann.ask()
    world.run_workflow(chat_id)
    world.api.gone.add(ben.connection_id)
    ann.ask("q2")
    world.run_workflow(chat_id, "q2")  # its posts find Ben's connection gone before API Gateway reports the disconnect
    assert [each.connection_id for each in world.connections.of_room(chat_id)] == [ann.connection_id]
    assert world.connections.room_of(ben.connection_id) == chat_id
    ann.seen()
    ben.disconnect()
    members = only(wire.Members, ann.seen())
    assert [(member.user_id, member.here) for member in members.members] == [("ann", True), ("ben", False)]
    assert not world.live_messages(chat_id)


def test_a_connection_with_an_expired_token_gets_no_broadcast(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ann, bob = world.person("ann"), world.person("bob")
    chat_id = ann.open()
    world.invite(chat_id, "bob")
    bob.disconnect()
    phone = Person(world, "bob", "bob-phone", token_expires_at=int(time.time()) + 60)
    phone.connect()
    phone.enter(chat_id)
    ann.ask("q1")
    world.run_workflow(chat_id, "q1")
    assert kinds(phone.seen())[:1] == ["message"]
    monkeypatch.setattr("documind.stores.connections.time.time", lambda: phone.token_expires_at + 1)
    ann.ask("q2")
    world.run_workflow(chat_id, "q2")
    assert phone.seen() == []
