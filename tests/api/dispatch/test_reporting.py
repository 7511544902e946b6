"""PUT /api/reports/{act_id}: whoever sees it; fixed on the spot in one act."""

from typing import Any

from moshao.kit import ids
from tests.api.dispatch.conftest import Opened
from tests.api.dispatch.district import GARBAGE, District
from tests.api.evidence.pictures import jpeg

SMALL = {"kind": "matter", "major": "06", "minor": "010"}


def unseen() -> dict[str, str]:
    """A photo that is still on its way."""
    return {"photo_id": str(ids.new_id()), "sha256": "a" * 64}


async def test_reported_and_waiting(district: District) -> None:
    answer = await district.make("inspector", "reports", photos=[unseen()], description="垃圾", **GARBAGE)
    assert answer.status_code == 201, answer.text
    receipt = answer.json()["receipt"]
    case = await district.row(answer.json()["case_id"])
    assert receipt["case_id"] == str(case["id"])
    assert len(receipt["photos_missing"]) == 1
    assert (case["state"], case["reporter_id"]) == ("reported", district.world.id_of("inspector"))
    assert (case["description"], case["grid_code"] is not None) == ("垃圾", True)
    assert (await district.world.as_("inspector").case(case["id"]))["state"] == "reported"
    assert (await district.world.as_("supervisor").case(case["id"]))["photos"][0]["missing"] is True


async def test_on_by_rule_where_the_district_lets_it(district_of: Opened) -> None:
    async with district_of(auto_file_reports=True) as district:
        answer = await district.make("handler", "reports", photos=[unseen()], **GARBAGE)
        case = await district.row(answer.json()["case_id"])
        assert (case["state"], case["clock_state"]) == ("assigned", "running")


async def test_the_same_again_gets_the_same_answer(district: District) -> None:
    phone, act_id = district.world.as_("inspector"), ids.new_id()
    body = phone.body(photos=[unseen()], **GARBAGE)
    first = await phone.put("/api", None, "reports", act_id, body)
    again = await phone.put("/api", None, "reports", act_id, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    other = await phone.put("/api", None, "reports", act_id, {**body, "description": "x"})
    assert other.status_code == 409


async def test_what_is_missing(district: District) -> None:
    for members, status in (
        ({"photos": [], **GARBAGE}, 422),
        ({"photos": [unseen()], "kind": "matter", "major": "06"}, 422),
        ({"photos": [unseen()], **GARBAGE, "kind": "event"}, 422),
        ({"photos": [unseen()], **GARBAGE, "place": None}, 422),
        ({"photos": [unseen()], **GARBAGE, "colour": "red"}, 400),
    ):
        answer = await district.make("inspector", "reports", **members)
        assert answer.status_code == status, answer.text


async def test_without_a_place_but_a_reason(district: District) -> None:
    answer = await district.make(
        "inspector", "reports", photos=[unseen()], place=None, no_place_reason="indoors", **GARBAGE
    )
    case = await district.row(answer.json()["case_id"])
    assert case["flags"].split() == ["no_place"]


async def test_an_unknown_class_is_flagged(district: District) -> None:
    answer = await district.make("inspector", "reports", photos=[unseen()], **{**GARBAGE, "minor": "999"})
    case = await district.row(answer.json()["case_id"])
    assert (case["flags"].split(), case["minor"]) == (["unknown_class"], "999")


async def test_who_may(district_of: Opened) -> None:
    async with district_of(report_roles=("inspector",)) as district:
        assert (await district.make("handler", "reports", photos=[unseen()], **GARBAGE)).status_code == 403
        assert (await district.make("supervisor", "reports", photos=[unseen()], **GARBAGE)).status_code == 403
        assert (await district.make("inspector", "reports", photos=[unseen()], **GARBAGE)).status_code == 201


async def _self_handling(district: District) -> dict[str, Any]:
    """A class that is marked for it."""
    row = await district.world.db.one(
        "SELECT c.kind, c.major, c.minor FROM case_classes c JOIN code_sets s ON s.id = c.code_set_id "
        "WHERE s.code = ? AND c.self_handling AND c.kind = 'matter' LIMIT 1",
        "GB/T 47678.5-2026",
    )
    assert row is not None
    return dict(row)


async def test_fixed_on_the_spot(district: District) -> None:
    phone = district.world.as_("inspector")
    photos = [await phone.upload(jpeg(seed), usage=usage) for seed, usage in ((1, "before"), (2, "after"))]
    answer = await phone.make("reports", photos=photos, self_handled=True, **await _self_handling(district))
    assert answer.status_code == 201, answer.text
    case = await district.row(answer.json()["case_id"])
    assert (case["state"], case["outcome"], case["on_time"]) == ("closed", "fixed", True)
    assert await district.kinds(case["id"]) == ["self_handled"]


async def test_fixed_on_the_spot_with_photos_still_on_their_way(district: District) -> None:
    answer = await district.make(
        "inspector", "reports", photos=[unseen(), unseen()], self_handled=True, **await _self_handling(district)
    )
    assert answer.status_code == 201, answer.text
    case = await district.row(answer.json()["case_id"])
    assert (case["state"], case["ended_at"]) == ("feedback", None)
    early = await district.act("supervisor", case, "reviews", verdict="close")
    assert (early.status_code, early.json()["code"]) == (409, "photos_missing")


async def test_one_photo_does_not_show_before_and_after(district: District) -> None:
    answer = await district.make(
        "inspector", "reports", photos=[unseen()], self_handled=True, **await _self_handling(district)
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "too_few_photos")


async def test_a_class_not_meant_for_it(district: District) -> None:
    row = await district.world.db.one(
        "SELECT kind, major, minor FROM case_classes WHERE kind = 'component' AND length(minor) = 3 LIMIT 1"
    )
    assert row is not None
    answer = await district.make("inspector", "reports", photos=[unseen(), unseen()], self_handled=True, **dict(row))
    assert (answer.status_code, answer.json()["code"]) == (422, "not_for_self_handling")
