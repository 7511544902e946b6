"""Two districts in one installation: each sees only itself, and what the other has is not there."""

from tests.stories.day import Day, some_id


async def test_each_sees_only_itself(day: Day) -> None:
    ours = await day.dispatched(unit_code="411302001")
    theirs = await day.makes("neighbour", "registrations", description="隔壁区的井盖")

    for who in ("supervisor", "leader", "leader_of_crew", "handler", "inspector", "admin"):
        assert not await day.sees(who, theirs), who
    for who in ("neighbour", "neighbour_handler", "neighbour_admin"):
        assert not await day.sees(who, ours), who
    assert await day.sees("supervisor", ours)
    assert await day.sees("neighbour", theirs)

    absent = await day.world.as_("neighbour").get(f"/api/cases/{some_id()}")
    forbidden = await day.world.as_("neighbour").get(f"/api/cases/{ours}")
    assert (forbidden.status_code, forbidden.content) == (absent.status_code, absent.content)
    assert await day.refused("neighbour", ours, "cancellations", reason="不归你管") == (404, "not_found")
    assert await day.stands(ours) == "dispatched"


async def test_each_has_its_own_journal(day: Day) -> None:
    """Numbers are gapless in each district, whoever writes in between."""
    for turn in range(3):
        await day.dispatched(unit_code="411302001")
        await day.makes("neighbour", "registrations", description=f"隔壁区第 {turn} 件")
    rows = await day.world.db.all("SELECT district_id, seq FROM journal_lines ORDER BY district_id, seq")
    for district_id in (day.world.cast.district_id, day.world.cast.other_district_id):
        numbers = [row["seq"] for row in rows if row["district_id"] == district_id]
        assert numbers == list(range(1, len(numbers) + 1))
