"""Templates behind the API."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from sms2fa.errors import InvalidInput
from sms2fa.sandbox.templates import Template, Templates

OWNER = "the-sid"


@pytest.fixture
def templates() -> Templates:
    return Templates()


def approved(content: str) -> Template:
    return Template(1, OWNER, "login", content, "")


class TestPlaceholders:
    @pytest.mark.parametrize(
        "content", ["Your PIN is {pin}.", "Your PIN is {{pin}}.", "Your PIN is { pin }.", "Your PIN is {{ pin }}."]
    )
    def test_both_spellings_are_filled(self, content: str) -> None:
        assert approved(content).names() == ["pin"]
        assert approved(content).fill({"pin": "042917"}) == "Your PIN is 042917."

    def test_a_value_is_not_filled_again(self) -> None:
        assert approved("{a} {b}").fill({"a": "{b}", "b": "{{a}}"}) == "{b} {{a}}"

    def test_values_that_nobody_asked_for_are_left_alone(self) -> None:
        assert approved("Hello {name}").fill({"name": "Alice", "pin": "042917"}) == "Hello Alice"

    def test_a_missing_value_is_named(self) -> None:
        with pytest.raises(KeyError, match="pin"):
            approved("{name}: {pin}").fill({"name": "Alice"})

    @pytest.mark.parametrize("content", ["no placeholder", "{", "{}", "{ }", "{a b}", "{a-b}", "} {", "{\n}"])
    def test_what_is_no_placeholder_is_text(self, content: str) -> None:
        assert approved(content).names() == []
        assert approved(content).fill({}) == content

    def test_names_are_listed_once_in_the_order_of_the_newest_content(self) -> None:
        assert Template(1, OWNER, "login", "{old}", "{{pin}} {name} {pin}").names() == ["pin", "name"]

    def test_names_in_any_script_are_placeholders(self) -> None:
        assert approved("確認コードは{コード}です。").fill({"コード": "042917"}) == "確認コードは042917です。"


class TestLifeCycle:
    def test_a_new_one_is_pending_until_it_is_approved(self, templates: Templates) -> None:
        made = templates.create(OWNER, "login", "Your PIN is {pin}.")
        assert (made.status, made.approved_content, made.pending_content) == ("PENDING", "", "Your PIN is {pin}.")
        done = templates.approve(made.id)
        assert (done.status, done.approved_content, done.pending_content) == ("APPROVED", "Your PIN is {pin}.", "")
        assert templates.find(OWNER, made.id) == done

    def test_a_changed_content_is_pending_again_and_the_approved_one_stays_until_then(
        self, templates: Templates
    ) -> None:
        made = templates.approve(templates.create(OWNER, "login", "old {pin}").id)
        changed = templates.update(made, "login", "new {pin}")
        assert (changed.status, changed.approved_content, changed.pending_content) == (
            *("PENDING", "old {pin}", "new {pin}"),
        )
        assert templates.approve(made.id).approved_content == "new {pin}"

    def test_another_name_alone_needs_no_approval(self, templates: Templates) -> None:
        made = templates.approve(templates.create(OWNER, "login", "old {pin}").id)
        renamed = templates.update(made, "sign in", "old {pin}")
        assert (renamed.name, renamed.status) == ("sign in", "APPROVED")

    def test_approving_twice_is_fine(self, templates: Templates) -> None:
        made = templates.create(OWNER, "login", "{pin}")
        assert templates.approve(made.id) == templates.approve(made.id)

    @pytest.mark.parametrize("id_", [0, 2, -1])
    def test_nobody_can_approve_what_is_not_there(self, templates: Templates, id_: int) -> None:
        templates.create(OWNER, "login", "{pin}")
        with pytest.raises(InvalidInput) as caught:
            templates.approve(id_)
        assert caught.value.field == "id"

    def test_a_deleted_one_is_gone_and_its_id_is_not_given_again(self, templates: Templates) -> None:
        made = templates.create(OWNER, "login", "{pin}")
        templates.delete(made)
        templates.delete(made)
        assert templates.find(OWNER, made.id) is None
        with pytest.raises(InvalidInput):
            templates.approve(made.id)
        assert templates.create(OWNER, "login", "{pin}").id != made.id


def test_accounts_see_their_own_alone(templates: Templates) -> None:
    mine = [templates.create(OWNER, name, "{pin}") for name in ("one", "two")]
    theirs = templates.create("another-sid", "one", "{pin}")
    assert (templates.of(OWNER), templates.of("another-sid"), templates.of("")) == (mine, [theirs], [])
    assert templates.find(OWNER, theirs.id) is None


def test_threads_never_get_the_same_id(templates: Templates) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: templates.create(OWNER, str(number), "{pin}").id, range(200)))
    assert sorted(made) == [template.id for template in sorted(templates.of(OWNER), key=lambda each: each.id)]
    assert len(set(made)) == 200


def test_the_representation_shows_no_part_of_a_credential() -> None:
    assert OWNER not in repr(approved("{pin}"))
