"""What can be done with rooms and documents from the page, and the addresses they have."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.pdfs import DATA
from tests.web import visitor
from tests.web.conftest import Watch
from tests.web.scripted import ROOM, USER, Frame, ScriptedServer

Visit = Callable[..., Page]
HANDBOOK = DATA / "handbook-en.pdf"
BOB = {"user_id": "u2", "name": "bob", "role": "writer", "here": False}
BLOCKED = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("", "SecurityError"); } });"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"


def choose(page: Page, item: str) -> None:
    page.locator("[popovertarget=room-menu]").click()
    page.get_by_role("menuitem", name=item).click()


def test_a_room_is_renamed(visit: Visit, server: ScriptedServer) -> None:
    page = visit()
    choose(page, "Rename")
    field = page.get_by_role("dialog").get_by_label("Name of the room")
    expect(field).to_have_value("Reading room")
    refused = {"type": "error", "code": "room_name_taken", "message": "That name is taken.", "retry_after_s": None}
    server.answers["room.rename"] = lambda _frame: [refused]
    field.fill("Library")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("That name is taken.")
    server.answers["room.rename"] = lambda frame: [
        {"type": "room", "chat_id": ROOM, "room": {"chat_id": ROOM, "name": frame["name"], "role": "owner"}}
    ]
    field.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".topbar .title")).to_have_text("Library")
    expect(page.locator(".room[aria-current]")).to_have_text("Library")


def test_people_are_invited_demoted_and_removed(visit: Visit, server: ScriptedServer) -> None:
    def invited(frame: Frame) -> list[Frame]:
        if "name" not in frame:
            token = {"token": "tok-1", "expires_at": 2_000_000_000, "role": frame["role"]}
            return [{"type": "invitation", "chat_id": ROOM, **token}]
        server.members[1:] = [{**BOB, "name": frame["name"], "role": frame["role"]}]
        return [members(server, 1)]

    def removed(_frame: Frame) -> list[Frame]:
        del server.members[1:]
        return [members(server, 2)]

    server.answers |= {"room.invite": invited, "room.unshare": removed}
    page = visit()
    page.locator(".people").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Login name").fill("bob")
    dialog.get_by_role("button", name="Invite", exact=True).click()
    row = dialog.locator(".member-row", has_text="bob")
    expect(row.get_by_label("Role of bob")).to_have_value("writer")
    row.get_by_label("Role of bob").select_option("reader")
    expect(row.get_by_label("Role of bob")).to_have_value("reader")
    assert server.sent("room.invite")[-1]["role"] == "reader"
    dialog.locator(".make-link").click()
    link = dialog.get_by_label("Invitation link").input_value()
    assert link == f"{server.url}/#/join/tok-1"
    dialog.get_by_role("button", name="Copy").click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == link
    row.get_by_role("button", name="Remove bob").click()
    expect(row).to_have_count(0)
    expect(dialog.locator(".invitation-link")).to_have_count(0)  # the server has withdrawn it


def members(server: ScriptedServer, as_of_ms: int) -> Frame:
    return {"type": "members", "chat_id": ROOM, "members": server.members, "as_of_ms": as_of_ms}


def test_a_visitor_with_a_link_chooses_a_user_and_joins_the_room(visit: Visit, server: ScriptedServer) -> None:
    server.answers["room.join"] = lambda _frame: [
        {"type": "room", "chat_id": ROOM, "room": {"chat_id": ROOM, "name": server.name, "role": "reader"}}
    ]
    server.role = "reader"
    page = visit(address="#/join/tok-1")
    expect(page.locator(".welcome")).to_contain_text("You were invited")
    page.get_by_role("button", name="Continue as guest").click()
    expect(page.locator(".topbar .title")).to_have_text("Reading room")
    assert [frame["token"] for frame in server.sent("room.join")] == ["tok-1"]
    expect(page).to_have_url(f"{server.url}/#/room/{ROOM}")
    expect(page.locator(".composer-note")).to_contain_text("You can only read")
    page.reload()
    expect(page.locator(".account-name")).to_have_text("guest")


def test_a_link_that_is_opened_while_signed_out_is_followed_after_the_sign_in(
    visit: Visit, server: ScriptedServer
) -> None:
    page = visit()
    visitor.sign_out(page)
    page.evaluate(f"() => {{ location.hash = '#/room/{ROOM}' }}")
    page.get_by_role("button", name="Continue as demo").click()
    expect(page.locator(".topbar .title")).to_have_text(server.name)
    expect(page.locator(".notice")).to_have_count(0)


def test_a_deleted_room_leaves_a_receipt(visit: Visit, server: ScriptedServer) -> None:
    receipt = {
        "receipt_id": "r1",
        "kind": "room",
        "name": server.name,
        "chat_id": ROOM,
        "requested_at": 1_700_000_000,
        "erased_at": None,
        "removed": {"uploads": 0, "page_texts": 0, "chunks": 0, "messages": 0, "segments": 0},
        "remains": ["backups"],
    }
    server.answers["room.delete"] = lambda _frame: [
        {"type": "closed", "chat_id": ROOM, "reason": "deleted", "request_id": None},
        {"type": "receipt", "receipt": receipt},
    ]
    server.answers["receipt.list"] = lambda _frame: [{"type": "receipts", "receipts": [receipt]}]
    page = visit()
    choose(page, "Delete the room")
    expect(page.get_by_role("dialog")).to_contain_text("erased for good")
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".receipt")).to_contain_text("Being erased")
    expect(page.locator(".notice")).to_have_count(0)
    removed = {**receipt["removed"], "uploads": 2, "chunks": 31}  # type: ignore[dict-item]
    server.send({"type": "receipt", "receipt": {**receipt, "erased_at": 1_700_000_009, "removed": removed}})
    expect(page.locator(".receipt")).to_contain_text("2 files · 31 passages")
    expect(page.locator(".room")).to_have_count(0)


def test_a_removed_member_is_told_and_one_who_leaves_is_not(visit: Visit, server: ScriptedServer) -> None:
    closed = {"type": "closed", "chat_id": ROOM, "reason": "removed"}
    server.answers["room.unshare"] = lambda _frame: [closed]
    server.role = "writer"
    page = visit()
    choose(page, "Leave the room")
    page.get_by_role("dialog").get_by_role("button", name="Leave the room").click()
    expect(page.locator(".drop-target")).to_be_visible()
    expect(page.locator(".notice")).to_have_count(0)
    page.reload()
    expect(page.locator(".topbar .title")).to_have_text("Reading room")
    server.send(closed)
    expect(page.locator(".notice")).to_contain_text("no longer a member")


def test_documents_are_selected_deleted_and_read_again(visit: Visit, server: ScriptedServer) -> None:
    for number in range(3):
        server.add_document(f"Report of the working group, {number}.pdf")
    server.add_document("A broken scan.pdf", status="failed", reason="pdf_invalid")
    page = visit()
    cut = page.get_by_role("button", name="Report of the working group, 0.pdf", exact=True)
    expect(cut).to_be_visible()
    page.locator(".document.ready .tick").first.uncheck()
    expect(page.locator(".composer small")).to_have_text("Searches 2 ticked documents only")
    page.locator(".composer textarea").fill("Which?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(1)
    assert server.sent("ask")[0]["document_ids"] == ["doc-2", "doc-3"]

    attention = page.locator(".attention")
    expect(attention.locator("summary")).to_have_text("1 needs attention")
    expect(attention.locator(".document.failed")).to_contain_text("not a readable PDF")
    attention.locator(".menu-opener").click()
    page.get_by_role("menuitem", name="Read again").click()
    attention.locator(".menu-opener").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert [server.sent(kind)[0]["document_id"] for kind in ("document.retry", "document.delete")] == ["doc-4"] * 2


def test_the_banner_of_the_offline_model_is_shown_once(visit: Visit) -> None:
    page = visit()
    banner = page.locator(".banner")
    expect(banner).to_contain_text("OPENAI_API_KEY")
    banner.get_by_role("button", name="Dismiss").click()
    expect(banner).to_have_count(0)
    page.reload()
    expect(page.locator(".composer textarea")).to_be_visible()
    expect(banner).to_have_count(0)


def test_many_rooms_can_be_filtered(visit: Visit, server: ScriptedServer) -> None:
    names = [server.name, *(f"Room {number}" for number in range(10))]
    rooms = [{"chat_id": ROOM if name == server.name else name, "name": name, "role": "owner"} for name in names]
    server.answers["room.list"] = lambda _frame: [{"type": "rooms", "rooms": rooms, "next": None}]
    page = visit("zh-TW")
    listed = page.get_by_role("navigation").locator(".room")
    expect(listed).to_have_count(11)
    field = page.get_by_label("以名稱篩選聊天室")
    field.fill("ROOM 7")
    expect(listed).to_have_text(["Room 7"])
    field.fill("nothing")
    expect(page.get_by_role("navigation")).to_contain_text("沒有名稱相符的聊天室。")


@pytest.mark.parametrize(("language", "item"), [("en-US", "Always dark"), ("zh-TW", "一律深色")])
def test_the_palette_is_chosen_and_kept(language: str, item: str, visit: Visit) -> None:
    page = visit(language)
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.locator("[popovertarget=account-menu]").click()
    page.get_by_role("menuitem", name=item).click()
    assert page.evaluate(ground) != light
    page.reload()
    expect(page.locator(".composer textarea")).to_be_focused()
    assert page.evaluate(ground) != light
    page.locator("[popovertarget=account-menu]").click()
    page.locator(".menu .icon-monitor").click()
    assert page.evaluate(ground) == light


def test_many_documents_can_be_filtered(visit: Visit, server: ScriptedServer) -> None:
    for number in range(12):
        server.add_document(f"Report {number}.pdf")
    page = visit()
    page.get_by_label("Filter by name").fill("report 1")
    expect(page.locator(".document")).to_have_count(3)
    deleted = [{**each, "status": "deleted"} for each in server.documents[:3]]
    server.send(*({"type": "document", "chat_id": ROOM, "document": each} for each in deleted))
    expect(page.locator(".document")).to_have_count(9)
    server.send({"type": "document", "chat_id": ROOM, "document": server.documents[0]})
    expect(page.get_by_label("Filter by name")).to_have_value("report 1")


def test_a_pdf_dropped_without_a_room_creates_one_named_after_it(
    visit: Visit, server: ScriptedServer, tmp_path: Path, watch: Watch
) -> None:
    server.answers["room.list"] = lambda _frame: [{"type": "rooms", "rooms": [], "next": None}]
    page = visit()
    expect(page.locator(".drop-target")).to_be_visible()
    server.name = f"Minutes of May{'.' * 85}😀"  # 100 characters
    broken = tmp_path / f"Minutes_of_May{'.' * 85}😀, and more.pdf"
    broken.write_bytes(b"")
    visitor.drop(page, broken)
    expect(page.locator(".topbar .title")).to_have_text(server.name)
    assert [frame["room"] for frame in server.sent("open")] == [server.name]
    failed = page.locator(".attention .document.failed")
    expect(failed).to_contain_text("empty")
    failed.get_by_role("button", name="Dismiss").click()
    expect(failed).to_have_count(0)
    assert watch.faults == []


@pytest.mark.parametrize("storage", [BLOCKED, FULL])
def test_the_page_works_without_storage(storage: str, visit: Visit, server: ScriptedServer) -> None:
    page = visit()
    page.add_init_script(storage)
    page.reload()
    page.locator(".composer textarea").fill("Why?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_contain_text("Why?")
    assert server.sent("ask")[0]["text"] == "Why?"
    page.locator(".language").click()
    expect(page.locator(".language")).to_have_text("English")


def test_a_retry_is_offered_if_the_server_is_unreachable(visit: Visit, server: ScriptedServer, watch: Watch) -> None:
    watch.tolerated = f"{server.url}/config.json"
    page = visit()
    expect(page.locator(".composer textarea")).to_be_visible()
    page.route("**/config.json", lambda route: route.fulfill(status=503))
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("could not start")
    page.unroute("**/config.json")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".account-name")).to_have_text(USER["name"])
    watch.faults[:] = [fault for fault in watch.faults if "config.json: 503" not in fault]
