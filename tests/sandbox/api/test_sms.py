"""/sms/messages/, in process."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandbox.callers import (
    FORM,
    MESSAGES,
    OTHER_PHONE,
    PATIENCE,
    PHONE,
    REQUIRED,
    TEXT,
    Caller,
    caller_of,
    in_thread,
)
from sms2fa import ManualClock
from sms2fa.sandbox import CarrierRules, Delivery, Ending, Kind
from sms2fa.sandbox.accounts import TEST_TEXT
from sms2fa.sandbox.provider import Provider


class TestSending:
    @pytest.mark.parametrize("as_json", [False, True])
    def test_an_accepted_message_answers_201_with_a_list_of_one_msgid(
        self, caller: Caller, provider: Provider, as_json: bool
    ) -> None:
        answer = caller.post(MESSAGES, FORM, as_json=as_json)
        (message,) = provider.carrier.messages()
        assert (answer.status_code, answer.json) == (201, [{"msgid": message.msgid}])
        assert (message.text, message.recipient, message.sender) == (TEXT, PHONE, "XOXZO")

    def test_a_form_in_parts_will_do(self, caller: Caller, provider: Provider) -> None:
        assert caller.open("POST", MESSAGES, data=FORM, content_type="multipart/form-data").status_code == 201
        assert [message.text for message in provider.carrier.messages()] == [TEXT]

    @pytest.mark.parametrize(
        "taken",
        [
            {"recipient": OTHER_PHONE},
            {"recipient": "+81312345678"},  # a landline: its delivery fails
            {"sender": "814512345678"},  # as in the client's own tests
            {"sender": "+818012345678"},
            {"sender": "1" * 15},
            {"sender": "Xoxzo 1234"},
            {"message": "x" * 660},
            {"message": "é" * 660},
            {"message": "１２３ 漢字 🎉\nzwei"},
        ],
    )
    @pytest.mark.parametrize("as_json", [False, True])
    def test_what_the_api_takes_is_sent_as_it_was_given(
        self, caller: Caller, provider: Provider, taken: dict[str, str], as_json: bool
    ) -> None:
        assert caller.post(MESSAGES, FORM | taken, as_json=as_json).status_code == 201
        (message,) = provider.carrier.messages()
        expected = FORM | taken
        assert (message.text, message.recipient, message.sender) == tuple(
            expected[name] for name in ("message", "recipient", "sender")
        )

    def test_every_documented_field_is_taken(self, caller: Caller, provider: Provider) -> None:
        optional = ["callbackurl", "tags", "track_link", "lt_callbackurl", "jp_kp", "jp_kpl", "jp_kp_sender"]
        msgid = caller.sent(**dict.fromkeys(optional, "a"))
        assert provider.carrier.messages()[0].text == TEXT
        assert caller.get(MESSAGES + msgid).json["tags"] == "a"

    @pytest.mark.parametrize("value", [None, "", "  "])
    @pytest.mark.parametrize("field", ["message", "recipient", "sender"])
    def test_a_missing_field_answers_400_and_is_named(
        self, caller: Caller, provider: Provider, field: str, value: str | None
    ) -> None:
        answer = caller.send(**{field: value})
        assert (answer.status_code, answer.json) == (400, {field: REQUIRED})
        assert provider.carrier.messages() == []

    @pytest.mark.parametrize("value", [None, [], {}, ["text"], {"a": 1}, 1.5, False, True])
    def test_a_json_field_that_is_no_text_is_missing(self, caller: Caller, provider: Provider, value: object) -> None:
        answer = caller.post(MESSAGES, {**FORM, "message": value}, as_json=True)
        assert (answer.status_code, answer.json) == (400, {"message": REQUIRED})
        assert provider.carrier.messages() == []

    def test_all_missing_fields_are_named_at_once(self, caller: Caller) -> None:
        answer = caller.post(MESSAGES, {})
        assert (answer.status_code, answer.json) == (400, dict.fromkeys(FORM, REQUIRED))

    def test_all_wrong_fields_are_named_at_once(self, caller: Caller) -> None:
        answer = caller.send(message="x" * 661, recipient="alice", sender="far too long for one")
        assert (answer.status_code, set(answer.json)) == (400, set(FORM))

    @pytest.mark.parametrize("letter", ["x", "é", "漢"])
    def test_over_660_characters_are_too_long(self, caller: Caller, provider: Provider, letter: str) -> None:
        answer = caller.send(message=letter * 661)
        assert (answer.status_code, answer.json) == (400, {"message": ["Message too long"]})
        assert provider.carrier.messages() == []

    @pytest.mark.parametrize(
        "recipient",
        [
            "+8108012345678",  # the national 0 kept after the country code
            "+8180123456789",  # a digit too many
            "818012345678",
            "080-1234-5678",
            "+81 80 1234 5678",
            "+818012345678 ",
            "+８１８０１２３４５６７８",
            "+810312345678",  # a landline is taken in its E.164 form alone
            "+81 3 1234 5678",
            "alice",
        ],
    )
    def test_a_recipient_that_is_not_its_own_e164_form_is_refused(
        self, caller: Caller, provider: Provider, recipient: str
    ) -> None:
        answer = caller.send(recipient=recipient)
        assert (answer.status_code, list(answer.json), provider.carrier.messages()) == (400, ["recipient"], [])
        assert recipient not in answer.text

    @pytest.mark.parametrize("sender", ["x" * 11, "1" * 16, "+" + "1" * 16, "Xoxzo!", "ゾクゾ", "+", "A\n", "+81-80"])
    def test_a_sender_that_is_too_long_or_has_other_characters_is_refused(self, caller: Caller, sender: str) -> None:
        answer = caller.send(sender=sender)
        assert (answer.status_code, list(answer.json)) == (400, ["sender"])

    def test_a_text_that_is_no_unicode_is_refused(self, caller: Caller, provider: Provider) -> None:
        for field in ("message", "tags"):
            answer = caller.post(MESSAGES, {**FORM, field: "half an emoji \ud83d"}, as_json=True)
            assert answer.status_code == 400
        assert caller.get(MESSAGES).status_code == 200
        assert provider.carrier.messages() == []


class TestAccounts:
    def test_a_standard_account_may_not_send_free_form_text(self, provider: Provider) -> None:
        answer = caller_of(provider, Kind.STANDARD, credit=100).send()
        assert (answer.status_code, list(answer.json)) == (403, ["detail"])
        assert provider.carrier.messages() == []

    def test_a_standard_account_with_a_wrong_field_is_told_of_the_field(self, provider: Provider) -> None:
        assert caller_of(provider, Kind.STANDARD).send(recipient="alice").status_code == 400

    def test_an_unpaid_accounts_text_is_replaced_and_costs_what_was_sent(self, provider: Provider) -> None:
        caller = caller_of(provider, Kind.UNPAID)
        msgid = caller.sent(message="Your PIN is 042917. " * 20)
        (message,) = provider.carrier.messages()
        assert message.text == TEST_TEXT
        assert caller.get(MESSAGES + msgid).json["cost"] == 10

    def test_credit_runs_out_exactly(self, provider: Provider) -> None:
        caller = caller_of(provider, credit=35)
        answers = [caller.send(), caller.send(message="x" * 141), caller.send(), caller.send(message="x")]
        assert [answer.status_code for answer in answers] == [201, 201, 403, 403]
        assert answers[2].json == {"non_field_errors": ["Not enough credits, required: 10"]}
        assert caller.account.credit == 5
        assert len(provider.carrier.messages()) == 2

    def test_a_text_that_needs_more_than_is_left_says_how_much(self, provider: Provider) -> None:
        caller = caller_of(provider, credit=10)
        answer = caller.send(message="x" * 141)
        assert (answer.status_code, answer.json) == (403, {"non_field_errors": ["Not enough credits, required: 20"]})
        assert caller.send().status_code == 201

    def test_threads_with_credit_for_seven_send_seven(self, provider: Provider) -> None:
        caller = caller_of(provider, credit=75)
        workers = [in_thread(lambda: [caller.send().status_code for _ in range(5)]) for _ in range(8)]
        statuses = [status for worker in workers for status in worker.result(PATIENCE)]
        assert (statuses.count(201), statuses.count(403)) == (7, 33)
        assert (len(provider.carrier.messages()), caller.account.credit) == (7, 5)

    def test_a_refused_message_costs_nothing(self, provider: Provider) -> None:
        caller = caller_of(provider, credit=10)
        for wrong in ({"recipient": "alice"}, {"sender": "x" * 11}, {"message": ""}, {"message": "x" * 661}):
            assert caller.send(**wrong).status_code == 400
        assert caller.account.credit == 10

    def test_a_country_that_is_not_allowed_is_refused_and_costs_nothing(self, provider: Provider) -> None:
        caller = caller_of(provider, credit=10, countries=["US"])
        answer = caller.send()
        assert (answer.status_code, answer.json) == (403, {"non_field_errors": ["Country not allowed"]})
        assert caller.send(recipient=OTHER_PHONE).status_code == 201

    def test_one_account_cannot_see_anothers_messages(self, caller: Caller, stranger: Caller) -> None:
        msgid = caller.sent()
        assert stranger.get(f"{MESSAGES}{msgid}/").status_code == 404
        assert stranger.get(MESSAGES).json == []
        assert [message["msgid"] for message in caller.get(MESSAGES).json] == [msgid]


class TestStatus:
    def test_a_message_is_shown_with_the_documented_fields(self, caller: Caller, clock: ManualClock) -> None:
        path = f"{MESSAGES}{caller.sent(tags='login')}/"
        clock.advance(seconds=60)
        answer = caller.get(path)
        assert (answer.status_code, answer.json) == (
            200,
            {
                "msgid": path.split("/")[-2],
                "status": "DELIVERED",
                "sent_time": "2026-11-01 09:00:00",
                "cost": 10,
                "sender": "XOXZO",
                "recipient": PHONE,
                "tags": "login",
                "url": f"http://localhost{path}",
            },
        )

    def test_the_sender_is_the_callers_although_the_phone_shows_another(self, caller: Caller) -> None:
        assert caller.get(MESSAGES + caller.sent(sender="08012345678")).json["sender"] == "08012345678"

    def test_the_slash_at_the_end_does_not_matter(self, caller: Caller) -> None:
        path = MESSAGES + caller.sent()
        with_slash, without = caller.get(f"{path}/"), caller.get(path)
        assert (with_slash.status_code, without.status_code) == (200, 200)  # and no redirect
        assert with_slash.json == without.json
        assert caller.post(MESSAGES.rstrip("/"), FORM).status_code == 201
        assert caller.get(MESSAGES.rstrip("/")).status_code == 200

    @pytest.mark.parametrize(("seconds", "status"), [(0, "QUEUED"), (1, "DELIVERING"), (3, "DELIVERED")])
    def test_the_status_follows_the_clock(
        self, caller: Caller, clock: ManualClock, seconds: float, status: str
    ) -> None:
        msgid = caller.sent()
        clock.advance(seconds=seconds)
        assert caller.get(MESSAGES + msgid).json["status"] == status

    @pytest.mark.parametrize(("ending", "status"), [(Ending.FAILED, "FAILED"), (Ending.LOST, "DELIVERING")])
    def test_the_carriers_rules_show(
        self, caller: Caller, provider: Provider, clock: ManualClock, ending: Ending, status: str
    ) -> None:
        provider.carrier.rules = CarrierRules(Delivery(ending=ending))
        msgid = caller.sent()
        clock.advance(seconds=3600)
        assert caller.get(MESSAGES + msgid).json["status"] == status

    def test_a_message_that_was_dropped_is_not_found(self, clock: ManualClock) -> None:
        caller = caller_of(Provider(clock, kept=1))
        first, second = caller.sent(), caller.sent()
        assert caller.get(MESSAGES + first).status_code == 404
        assert caller.get(MESSAGES + second).status_code == 200

    def test_late_messages_arrive_with_the_next_request(
        self, caller: Caller, provider: Provider, clock: ManualClock
    ) -> None:
        heard: list[str] = []
        provider.carrier.listen(lambda message: heard.append(message.text))
        provider.carrier.rules = CarrierRules(Delivery(late=timedelta(minutes=1)))
        caller.sent()
        clock.advance(seconds=60)
        caller.get(MESSAGES)
        assert heard == [TEXT]


class TestList:
    @pytest.mark.parametrize(
        ("query", "days_ago"),
        [
            ("", [90, 2, 1, 0]),
            ("?sent_date=2026-10-31", [1]),
            ("?sent_date>=2026-10-31", [1, 0]),
            ("?sent_date>2026-10-31", [0]),
            ("?sent_date<=2026-10-31", [90, 2, 1]),
            ("?sent_date<2026-10-31", [90, 2]),
            ("?sent_date%3E%3D2026-10-31", [1, 0]),
            ("?sent_date%3e=2026-10-31", [1, 0]),
            ("?sent_date%3E%3D=2026-10-31", [1, 0]),
            ("?sent_date>2026-10-29&sent_date<2026-11-01", [2, 1]),
            ("?sent_date>2026-11-01", []),
            ("?sent_date=2026-08-03", [90]),
            ("?page=2", [90, 2, 1, 0]),
        ],
    )
    def test_messages_of_the_last_90_days_are_listed_by_date_oldest_first(
        self, caller: Caller, clock: ManualClock, query: str, days_ago: list[int]
    ) -> None:
        today = clock.now()
        for days in (91, 90, 2, 1, 0):
            clock.set(today - timedelta(days=days))
            caller.sent(message=f"{days} days ago")
        answer = caller.get(MESSAGES + query)
        days = [(today.date() - timedelta(days=days)).isoformat() for days in days_ago]
        assert answer.status_code == 200
        assert [message["sent_time"].split()[0] for message in answer.json] == days

    def test_each_message_is_shown_as_its_status_shows_it(self, caller: Caller) -> None:
        msgids = [caller.sent(message=str(number)) for number in range(3)]
        assert caller.get(MESSAGES).json == [caller.get(MESSAGES + msgid).json for msgid in msgids]

    @pytest.mark.parametrize(
        ("date", "problem"),
        [
            ("2026-08-02", "Invalid sent_date"),
            ("1999-12-31", "Invalid sent_date"),
            ("", "Invalid sent_date format"),
            ("yesterday", "Invalid sent_date format"),
            ("2026-13-01", "Invalid sent_date format"),
            ("01/11/2026", "Invalid sent_date format"),
            ("2026-11-01T09:00", "Invalid sent_date format"),
            ("20261101", "Invalid sent_date format"),
            ("2026-W44-7", "Invalid sent_date format"),
            ("%FF", "Invalid sent_date format"),
        ],
    )
    @pytest.mark.parametrize("comparison", ["=", ">=", "<"])
    def test_a_date_beyond_90_days_and_one_that_is_none_are_refused(
        self, caller: Caller, date: str, comparison: str, problem: str
    ) -> None:
        answer = caller.get(f"{MESSAGES}?sent_date{comparison}{date}")
        assert (answer.status_code, answer.json) == (400, {"sent_date": [problem]})

    def test_a_query_that_is_no_utf_8_is_told_in_the_apis_words(self, caller: Caller) -> None:
        answer = caller.open("GET", MESSAGES, environ_overrides={"QUERY_STRING": "sent_date=\xff"})
        assert (answer.status_code, answer.json) == (400, {"sent_date": ["Invalid sent_date format"]})
