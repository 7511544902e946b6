"""The demo district is what its readers are told: units, people, who is on duty, secrets that work."""

from collections import Counter
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from moshao.kit import clock
from moshao.kit.db import Database
from moshao.operate.demo_district import DistrictMade, make_demo_district
from moshao.operate.migrate import seed_common
from moshao.people import passwords
from moshao.people.queries import who_is_on_duty
from moshao.people.rules import covers

WEEK_HOURS = 168
# Meets every hour of the day in the course of a week.
STEP_HOURS = 5
CENTRE = {"supervisor": 2, "inspector": 2, "leader": 1, "admin": 1}


@pytest.fixture
async def made(database: Database, monkeypatch: pytest.MonkeyPatch) -> DistrictMade:
    """District 1, its passwords hashed in haste: how hard they are to guess is asked elsewhere."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    await seed_common(database)
    return await make_demo_district(database, 1)


async def test_the_demo_district_is_staffed_as_promised(database: Database, made: DistrictMade) -> None:
    roles = Counter((member.unit_id, member.role) for member in made.people)
    units = await database.all("SELECT id, parent_id, kind FROM units WHERE district_id = ?", made.district_id)
    (centre,) = (unit["id"] for unit in units if unit["kind"] == "district")
    third = [unit["id"] for unit in units if unit["parent_id"] == centre]
    assert len(third) == 18
    for unit_id in third:
        assert (roles[unit_id, "crew_leader"], roles[unit_id, "unit_operator"]) == (1, 1)
    assert {role: roles[centre, role] for _, role in roles if roles[centre, role]} == CENTRE
    assert sum(roles.values()) - sum(CENTRE.values()) - 18 * 2 == sum(
        count for (_, role), count in roles.items() if role == "handler"
    )
    below = [unit["id"] for unit in units if unit["parent_id"] in third]
    assert below
    assert all(roles[unit_id, "handler"] for unit_id in below)

    rows = await database.all("SELECT DISTINCT kind, code FROM case_classes")
    classes = {f"{row['kind']}:{row['code']}" for row in rows}
    assert len(classes) > 100
    for unit_id in third:
        for hour in range(0, WEEK_HOURS, STEP_HOURS):
            on_duty = await who_is_on_duty(database, unit_id, clock.now() + timedelta(hours=hour))
            handlers = [person for person in on_duty if person.role == "handler" and person.level == 0]
            everybody = {(person.grids, person.classes) for person in handlers}
            assert len(handlers) >= 3
            assert all(covers(grids, kinds, None, one) for grids, kinds in everybody for one in classes)


async def test_everybody_is_named_once_with_secrets_of_his_own(database: Database, made: DistrictMade) -> None:
    people = await database.all("SELECT id, staff_no, name, role FROM people WHERE district_id = ?", made.district_id)
    known = {(row["id"], row["staff_no"], row["name"], row["role"]) for row in people}
    assert {(one.person_id, one.staff_no, one.name, one.role) for one in made.people} == known
    assert len(known) == len(made.people)
    codes = [code for member in made.people for code in member.pairing_codes]
    assert len(codes) == len(set(codes)) == 20 * len(made.people)
    assert len({member.password for member in made.people}) == len(made.people)


async def test_a_second_district_is_made_of_other_people(database: Database, made: DistrictMade) -> None:
    other = await make_demo_district(database, 2)
    assert other.upstream_name != made.upstream_name
    assert len(other.people) == len(made.people)
    assert not {one.staff_no for one in other.people} & {one.staff_no for one in made.people}
    assert other.upstream_secret != made.upstream_secret
