"""PUT …/filings: a report becomes a case, is refused, or is looked at first."""

import pytest

from tests.api.dispatch.district import District


async def test_accepted_and_on_by_rule(district: District) -> None:
    case = await district.put("reported")
    answer = await district.act("supervisor", case, "filings", verdict="accept")
    assert answer.status_code == 201, answer.text
    now = await district.row(case["id"])
    assert (now["state"], now["clock_state"]) == ("assigned", "running")
    assert now["filed_at"] is not None
    assert (await district.kinds(case["id"]))[1:] == ["filed", "dispatched", "signed", "assigned"]


async def test_accepted_to_whom_he_names(district: District) -> None:
    case = await district.put("reported", flags=("unknown_class",))
    held = await district.put("reported", flags=("unknown_class",))
    await district.act("supervisor", held, "filings", verdict="accept")
    assert (await district.row(held["id"]))["state"] == "received"
    colleague = str(district.world.id_of("colleague"))
    answer = await district.act(
        "supervisor", case, "filings", verdict="accept", unit_id=district.unit("street"), person_id=colleague
    )
    assert answer.status_code == 201, answer.text
    assert (await district.row(case["id"]))["handler_id"] == district.world.id_of("colleague")


async def test_a_person_of_another_unit(district: District) -> None:
    case = await district.put("reported")
    stranger = str(district.world.id_of("stranger"))
    for members in ({"person_id": stranger}, {"person_id": stranger, "unit_id": district.unit("street")}):
        answer = await district.act("supervisor", case, "filings", verdict="accept", **members)
        assert answer.status_code == 422
    assert (await district.row(case["id"]))["state"] == "reported"


async def test_rejected_with_a_reason(district: District) -> None:
    case = await district.put("reported", reporter_id=district.world.id_of("inspector"))
    assert (await district.act("supervisor", case, "filings", verdict="reject")).status_code == 422
    answer = await district.act("supervisor", case, "filings", verdict="reject", reason="不在管辖范围")
    assert answer.status_code == 201, answer.text
    now = await district.row(case["id"])
    assert (now["state"], now["ended_at"] is not None) == ("rejected", True)
    seen = await district.world.as_("inspector").get(f"/api/cases/{case['id']}")
    assert "不在管辖范围" in seen.text


async def test_verified_first(district: District) -> None:
    case = await district.put("reported")
    inspector, handler = (str(district.world.id_of(who)) for who in ("inspector", "handler"))
    nobody = await district.act("supervisor", case, "filings", verdict="verify")
    assert (nobody.status_code, nobody.json()["code"]) == (409, "nobody_to_check")
    wrong = await district.act("supervisor", case, "filings", verdict="verify", person_id=handler)
    assert wrong.status_code == 422
    answer = await district.act("supervisor", case, "filings", verdict="verify", person_id=inspector)
    assert answer.status_code == 201, answer.text
    looked = await district.act("inspector", case, "verifications", verdict="pass", reason="已到现场")
    assert looked.status_code == 201, looked.text
    assert (await district.row(case["id"]))["state"] == "reported"
    again = await district.act("supervisor", case, "filings", verdict="accept")
    assert again.status_code == 201


@pytest.mark.parametrize("who", ["operator", "inspector", "leader"])
async def test_nobody_else_files(district: District, who: str) -> None:
    case = await district.put(
        "reported", unit_id=district.cast.units["street"], reporter_id=district.world.id_of("inspector")
    )
    assert (await district.act(who, case, "filings", verdict="accept")).status_code == 403


async def test_once(district: District) -> None:
    case = await district.put("reported")
    await district.act("supervisor", case, "filings", verdict="accept")
    again = await district.act("second_supervisor", case, "filings", verdict="reject", reason="x")
    assert (again.status_code, again.json()["code"]) == (409, "case_assigned")
