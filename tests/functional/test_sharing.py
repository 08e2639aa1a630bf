"""Sharing, renaming and leaving rooms through the real handlers."""

from documind import wire
from documind.errors import Code
from documind.stores.members import MAX_MEMBERS
from tests.functional.world import HERE, Person, World, only


def share(owner: Person, name: str, role: str = "writer") -> wire.Members:
    frame = wire.RoomInvite.model_validate({"request_id": "r", "chat_id": owner.room, "role": role, "name": name})
    return only(wire.Members, owner.send(frame))


def refused(person: Person, frame: wire.ClientFrame) -> Code:
    return only(wire.ErrorFrame, person.send(frame)).code


def test_a_room_is_shared_and_a_role_changed_by_login_name(world: World) -> None:
    ann, bob = world.person("ann"), world.person("bob")
    chat_id = ann.open()
    assert [(member.name, member.role, member.here) for member in share(ann, " BOB ").members] == [
        ("Ann", "owner", True),
        ("Bob", "writer", False),
    ]
    bob.enter(chat_id)
    share(ann, "Bob", "reader")
    assert refused(bob, wire.Ask(request_id="r", chat_id=HERE, question_id="q1", text="What?")) == Code.READ_ONLY
    assert world.rooms.roles_of("bob") == {chat_id: "reader"}
    assert [member.role for member in share(ann, "Ann", "reader").members] == ["owner", "reader"]
    nobody = wire.RoomInvite(request_id="r", chat_id=HERE, role="reader", name="nobody")
    assert refused(ann, nobody) == Code.USER_NOT_FOUND


def test_who_is_invited_or_gets_another_role_is_shown_the_room_wherever_they_are(world: World) -> None:
    ann, bob, tablet = world.person("ann"), world.person("bob"), world.person("bob", device="tablet")
    chat_id = ann.open()
    tablet.open("Elsewhere")
    tablet.seen()
    for role in ("writer", "reader"):
        share(ann, "bob", role)
        for device in (bob, tablet):
            shown = only(wire.RoomChanged, device.seen()).room
            assert (shown.chat_id, shown.name, shown.role) == (chat_id, "Physics", role)
    assert ann.seen() == []


def test_a_link_makes_members_until_it_expires_or_a_user_is_removed(world: World) -> None:
    ann, bob = world.person("ann"), world.person("bob")
    chat_id = ann.open()
    invitation = only(wire.Invitation, ann.send(wire.RoomInvite(request_id="r", chat_id=HERE, role="reader")))
    join = wire.RoomJoin(request_id="r", token=invitation.token)
    joined = only(wire.RoomChanged, bob.send(join))
    assert (joined.room.name, joined.room.role) == ("Physics", "reader")
    assert only(wire.RoomChanged, bob.send(join)).room.role == "reader"
    assert len(world.members.of_room(chat_id)) == 2
    ann.send(wire.RoomUnshare(request_id="r", chat_id=HERE, user_id="bob"))
    assert refused(bob, join) == Code.INVITATION_INVALID
    world.rooms_table.put_item(
        Item={"pk": "INVITE#old", "sk": "ROOM", "chat_id": chat_id, "role": "reader", "expires_at": 1}
    )
    assert refused(bob, wire.RoomJoin(request_id="r", token="old")) == Code.INVITATION_INVALID  # noqa: S106


def both_in_a_room(world: World) -> tuple[Person, Person, str]:
    """Return Ann, who owns a room, Bob, who has it open too, and its id."""
    ann, bob = world.person("ann"), world.person("bob")
    chat_id = ann.open()
    share(ann, "bob")
    bob.enter(chat_id)
    bob.seen()
    return ann, bob, chat_id


def test_a_removed_user_gets_no_more_broadcasts(world: World) -> None:
    ann, bob, chat_id = both_in_a_room(world)
    ann.send(wire.RoomUnshare(request_id="r", chat_id=HERE, user_id="bob"))
    assert only(wire.Closed, bob.seen()).reason == "removed"
    ann.ask()
    assert bob.seen() == []
    assert only(wire.Rooms, bob.send(wire.RoomList(request_id="r"))).rooms == []
    assert only(wire.ErrorFrame, bob.enter(chat_id)).code == Code.ROOM_NOT_FOUND
    assert refused(ann, wire.RoomUnshare(request_id="r", chat_id=HERE, user_id="ann")) == Code.OWNER_CANNOT_LEAVE


def test_a_removed_user_gets_no_more_broadcasts_although_the_removal_fails_later(world: World) -> None:
    ann, bob, _ = both_in_a_room(world)

    def fail(_chat_id: str) -> None:
        raise ConnectionError

    world.monkeypatch.setattr(world.members, "withdraw_invitations", fail)
    assert refused(ann, wire.RoomUnshare(request_id="r", chat_id=HERE, user_id="bob")) == Code.INTERNAL
    assert only(wire.Closed, bob.seen()).reason == "removed"


def test_a_member_removed_while_opening_is_in_no_fan_out_list(world: World) -> None:
    ann, bob = world.person("ann"), world.person("bob")
    chat_id = ann.open()
    share(ann, "bob")
    get = world.rooms.get

    def and_then_removed(chat_id: str, user_id: str) -> object:
        room = get(chat_id, user_id)
        world.expel(chat_id, "bob")
        return room

    world.monkeypatch.setattr(world.rooms, "get", and_then_removed)
    assert only(wire.ErrorFrame, bob.enter(chat_id)).code == Code.ROOM_NOT_FOUND
    assert [each.user.user_id for each in world.connections.of_room(chat_id)] == ["ann"]


def test_a_room_has_a_limit_of_members_who_fit_a_frame(world: World, ann: Person, chat_id: str) -> None:
    for number in range(MAX_MEMBERS - 1):
        world.members.set_role(chat_id, wire.User(user_id=f"{number:036}", name=f"{number:02}" + "🍎" * 126), "writer")
    world.person("bob")
    one_more = wire.RoomInvite(request_id="r", chat_id=HERE, role="writer", name="bob")
    assert refused(ann, one_more) == Code.MEMBER_LIMIT
    for number in range(60):
        world.documents.register(
            chat_id, f"{number:03}" + "長" * 250, 1, f"{number:064}", wire.User(user_id="ann", name="Ann")
        )
    frames = ann.enter(chat_id)
    assert all(len(frame.model_dump_json().encode()) <= wire.MAX_FRAME_BYTES for frame in frames)
    assert len(only(wire.Members, frames).members) == MAX_MEMBERS > len(only(wire.Opened, frames).members)
    world.expel(chat_id, f"{0:036}")
    assert len(only(wire.Members, ann.send(one_more)).members) == MAX_MEMBERS


def test_rooms_are_listed_in_pages_that_fit(world: World, ann: Person) -> None:
    names = [f"{number:03}" + "長" * 97 for number in range(80)]
    for name in names:
        world.rooms.open_by_name(wire.User(user_id="ann", name="Ann"), name)
    listed, after = list[str](), ""
    while True:
        page = only(wire.Rooms, ann.send(wire.RoomList(request_id="r", after=after)))
        listed += [room.name for room in page.rooms]
        if page.next is None:
            break
        after = page.next
    assert listed == names


def test_a_renamed_room_is_found_by_its_new_name_only(world: World) -> None:
    ann, bob = world.person("ann"), world.person("bob")
    chat_id = ann.open()
    share(ann, "bob", "reader")
    bob.enter(chat_id)
    ann.seen()
    assert (
        only(wire.RoomChanged, ann.send(wire.RoomRename(request_id="r", chat_id=HERE, name="物理"))).room.role
        == "owner"
    )
    seen = only(wire.RoomChanged, bob.seen()).room
    assert (seen.name, seen.role) == ("物理", "reader")
    assert ann.open("物理") == chat_id
    other = ann.open("Physics")
    assert other != chat_id
    assert refused(ann, wire.RoomRename(request_id="r", chat_id=other, name=" 物理 ")) == Code.ROOM_NAME_TAKEN
    assert (
        only(wire.RoomChanged, ann.send(wire.RoomRename(request_id="r", chat_id=other, name="PHYSICS"))).room.name
        == "PHYSICS"
    )
