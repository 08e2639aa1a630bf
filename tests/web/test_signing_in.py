"""The user of the page: the demo user at first, or one who signs in at the login page."""

import secrets
from collections.abc import Callable

from playwright.sync_api import Page, expect

from local.deployment import Deployment
from tests.deployed import Person
from tests.web import visitor


def test_signing_out_and_in_as_another_user(
    open_page: Callable[..., Page], person: Person, demo: Person, deployed: Deployment
) -> None:
    demos_room = f"Demo's {secrets.token_hex(3)}"
    demo.connect().open(demos_room)
    page = open_page()
    account = page.locator(".account-name")
    expect(account).to_have_text("demo")
    expect(page.locator(".rooms")).to_contain_text(demos_room)

    visitor.become(page, person)
    expect(page).to_have_url(f"{deployed.website_url}/")
    visitor.open_new_room(page, "My own")
    expect(page.locator(".rooms")).not_to_contain_text(demos_room)
    page.reload()
    expect(account).to_have_text(person.name)
    expect(page.locator(".topbar .title")).to_have_text("My own")

    visitor.sign_out(page)
    expect(page).to_have_url(f"{deployed.website_url}/")
    page.get_by_role("button", name="Continue as demo").click()
    expect(account).to_have_text("demo")
    expect(page.locator(".rooms")).to_contain_text(demos_room)
