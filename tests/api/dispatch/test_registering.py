"""PUT /api/registrations/{act_id}: a case by hand, from a call or a screenshot."""

from moshao.kit import ids
from tests.api.dispatch.district import GARBAGE, POINT, District


async def test_by_rule(district: District) -> None:
    answer = await district.make(
        "supervisor", "registrations", location=POINT, description="来电反映", urgency="urgent",
        source={"code": "12", "name": "12345", "no": "H-1"}, reporter={"name": "王某", "phone": "13800000000"},
        **GARBAGE,
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    case = await district.row(answer.json()["case_id"])
    assert (case["state"], case["unit_id"]) == ("assigned", district.cast.units["street"])
    assert (case["source_no"], case["reporter_name"], case["flags"].split()) == ("H-1", "王某", ["urgent"])
    assert await district.kinds(case["id"]) == ["registered", "dispatched", "signed", "assigned"]


async def test_only_words(district: District) -> None:
    answer = await district.make("supervisor", "registrations", description="市民反映新华路有垃圾")
    assert answer.status_code == 201, answer.text
    case = await district.row(answer.json()["case_id"])
    assert (case["state"], case["flags"].split()) == ("received", ["no_place", "unknown_class"])
    nothing = await district.make("supervisor", "registrations", address="新华路")
    assert nothing.status_code == 422


async def test_words_and_a_unit(district: District) -> None:
    answer = await district.make("supervisor", "registrations", description="x", unit_id=district.unit("other_street"))
    case = await district.row(answer.json()["case_id"])
    assert (case["state"], case["handler_id"]) == ("assigned", district.world.id_of("stranger"))


async def test_to_a_person(district: District) -> None:
    colleague = str(district.world.id_of("colleague"))
    answer = await district.make("operator", "registrations", description="x", person_id=colleague)
    case = await district.row(answer.json()["case_id"])
    assert (case["unit_id"], str(case["handler_id"])) == (district.cast.units["street"], colleague)
    stranger = str(district.world.id_of("stranger"))
    assert (await district.make("operator", "registrations", description="x", person_id=stranger)).status_code == 422
    alone = await district.make("supervisor", "registrations", description="x", person_id=colleague)
    assert alone.status_code == 422


async def test_a_units_own_staff_registers_for_the_unit(district: District) -> None:
    for who in ("leader_of_crew", "operator"):
        answer = await district.make(who, "registrations", description="x", address="新华路")
        assert answer.status_code == 201, answer.text
        assert (await district.row(answer.json()["case_id"]))["unit_id"] == district.cast.units["street"]
        elsewhere = await district.make(who, "registrations", description="x", unit_id=district.unit("other_street"))
        assert elsewhere.status_code == 422


async def test_the_phones_place_counts_where_nothing_better_is_said(district: District) -> None:
    here = await district.make("leader_of_crew", "registrations", description="x")
    assert (await district.row(here.json()["case_id"]))["lon"] is not None
    there = await district.make("leader_of_crew", "registrations", description="x", address="新华路 1 号")
    assert (await district.row(there.json()["case_id"]))["lon"] is None


async def test_who_may(district: District) -> None:
    for who in ("handler", "inspector", "leader", "admin"):
        assert (await district.make(who, "registrations", description="x")).status_code == 403, who


async def test_nonsense(district: District) -> None:
    for members, status in (
        ({"location": {"type": "Point", "coordinates": [200, 95]}}, 422),
        ({"location": {"type": "Polygon", "coordinates": [1, 2]}}, 422),
        ({"unit_id": str(ids.new_id())}, 422),
        ({"unit_id": "street"}, 422),
        ({"urgency": "very"}, 422),
        ({"state": "closed"}, 400),
    ):
        answer = await district.make("supervisor", "registrations", description="x", **members)
        assert answer.status_code == status, answer.text
