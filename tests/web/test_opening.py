"""Rooms that are opened while another opens, or while the connection is lost or replaced."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.pdfs import DATA
from tests.web import visitor
from tests.web.scripted import ROOM, Frame, ScriptedServer, citation, opened, rooms

Visit = Callable[..., Page]
HANDBOOK = DATA / "handbook-en.pdf"


def test_of_rooms_clicked_one_after_the_other_the_last_is_shown(visit: Visit, server: ScriptedServer) -> None:
    server.answers["room.list"] = rooms(server, "One", "Two", "Three")
    page = visit()
    listed = page.locator(".rooms .room")
    expect(page.locator(".turns")).to_be_attached()
    asked: list[Frame] = []
    server.answers["open"] = lambda frame: asked.append(frame) or []  # type: ignore[func-returns-value]
    for name in ("One", "Two", "Three"):
        listed.get_by_text(name, exact=True).click()
    visitor.wait_until(page, lambda: bool(asked))
    page.wait_for_timeout(200)
    server.answers["open"] = lambda frame: asked.append(frame) or opened(server, frame["chat_id"])  # type: ignore[func-returns-value]
    server.send(*({**frame, "request_id": asked[0]["request_id"]} for frame in opened(server, "One")))
    expect(page.locator(".topbar .title")).to_have_text("Three")
    assert [frame["chat_id"] for frame in asked] == ["One", "Three"], "the server may handle two at once in any order"
    expect(page).to_have_url(f"{server.url}/#/room/Three")
    page.go_back()
    expect(page.locator(".topbar .title")).to_have_text(server.name)


def test_a_pdf_opened_while_another_room_is_opening_is_not_shown_in_it(visit: Visit, server: ScriptedServer) -> None:
    document = server.add_pdf(HANDBOOK)
    server.add_turn("Which?", "This [1].", [citation(1, document, 2, "Working time")])
    server.answers["room.list"] = rooms(server, "Other")
    page = visit()
    expect(page.locator("button.chip")).to_be_visible()
    asked: list[Frame] = []
    server.answers["open"] = lambda frame: asked.append(frame) or []  # type: ignore[func-returns-value]
    page.locator(".rooms .room", has_text="Other").click()
    page.locator("button.chip").click()
    expect(page.locator(".viewer")).to_be_visible()
    server.send({**opened(server, "Other")[0], "documents": [], "request_id": asked[0]["request_id"]})
    expect(page.locator(".topbar .title")).to_have_text("Other")
    expect(page.locator(".viewer")).to_have_count(0)


def test_a_room_chosen_while_the_connection_is_replaced_is_opened_on_the_new_one(
    visit: Visit, server: ScriptedServer
) -> None:
    server.answers["room.list"] = rooms(server, "Other")
    page = visit()
    expect(page.locator(".turns")).to_be_attached()
    server.answers["open"] = lambda _frame: []
    page.locator(".rooms .room", has_text="Other").click()
    visitor.wait_until(page, lambda: server.sent("open")[-1]["chat_id"] == "Other")
    server.answers["open"] = lambda frame: opened(server, frame["chat_id"])
    page.locator(".language").click()  # which makes a new connection
    expect(page.locator(".topbar .title")).to_have_text("Other", timeout=15_000)
    assert server.sent("open")[-1]["chat_id"] == "Other"
    expect(page.locator(".notice")).to_have_count(0)


def test_a_reply_is_received_on_the_connection_that_was_replaced(
    visit: Visit, server: ScriptedServer, tmp_path: Path
) -> None:
    file = tmp_path / "late.pdf"
    file.write_bytes(HANDBOOK.read_bytes())
    server.answers["upload"] = lambda _frame: []
    page = visit()
    expect(page.locator(".turns")).to_be_attached()
    visitor.choose(page, file)
    visitor.wait_until(page, lambda: bool(server.sent("upload")))
    (asked,) = server.sent("upload")
    connections = len(server.sent("room.list"))
    page.locator(".language").click()
    visitor.wait_until(page, lambda: len(server.sent("room.list")) > connections)
    server.add_document(file.name)
    known = {"type": "upload", "chat_id": ROOM, "document": server.documents[0], "url": None, "fields": {}}
    server.send({**known, "request_id": asked["request_id"]}, to=slice(1))
    expect(page.locator(".document")).to_have_class(re.compile("ready"), timeout=15_000)
    assert len(server.sent("upload")) == 1


def test_a_pdf_dropped_while_a_room_opens_is_added_to_it(visit: Visit, server: ScriptedServer) -> None:
    server.answers["open"] = lambda _frame: []
    server.answers["upload"] = lambda _frame: []
    page = visit(address=f"#/room/{ROOM}")
    expect(page.locator(".connection.open")).to_be_attached()
    visitor.drop(page, HANDBOOK)
    visitor.wait_until(page, lambda: bool(server.sent("open")))
    page.wait_for_timeout(200)
    (asked,) = server.sent("open")
    server.send(*({**frame, "request_id": asked["request_id"]} for frame in server.opened_room({})))
    expect(page.locator(".document .name")).to_have_attribute("title", HANDBOOK.name)
    visitor.wait_until(page, lambda: bool(server.sent("upload")))
    page.wait_for_timeout(500)
    assert [frame["chat_id"] for frame in server.sent("upload")] == [ROOM]
    assert len(server.sent("open")) == 1


def test_who_has_closed_the_last_room_is_in_none_after_a_lost_connection(visit: Visit, server: ScriptedServer) -> None:
    server.answers["room.list"] = rooms(server, "Other")
    page = visit()
    expect(page.locator(".turns")).to_be_attached()
    server.send({"type": "closed", "chat_id": ROOM, "reason": "deleted"})
    server.answers["room.list"] = lambda _frame: [
        {"type": "rooms", "rooms": [{"chat_id": "Other", "name": "Other", "role": "owner"}], "next": None}
    ]
    field = page.locator(".middle").get_by_label("Name of the room")
    field.fill("My next ro")
    connections = len(server.sent("room.list"))
    server.cut()
    expect(page.locator(".connection")).to_have_class(re.compile("open"))
    visitor.wait_until(page, lambda: len(server.sent("room.list")) > connections)
    page.wait_for_timeout(500)
    expect(field).to_have_value("My next ro")
