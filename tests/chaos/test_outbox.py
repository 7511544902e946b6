"""The real outbox against the real server over a network that loses, doubles, delays and cuts, while it is killed."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.chaos.proxy import FAULTS
from tests.chaos.street import Street, a_street, check
from tests.commands import run
from tests.results import keep

plans = st.lists(st.sampled_from(FAULTS), min_size=6, max_size=24)
# Closures of one example, by the number of their photos.
days = st.lists(st.integers(1, 3), min_size=1, max_size=3)


async def live(street: Street, faults: list[str], day: list[int]) -> None:
    """He closes every case offline, then sends until nothing waits any more."""
    await street.take_phone()
    closed = await street.close(await street.given(len(day)), day)
    street.network.expect(faults)
    told = await street.send()
    assert sorted(told["sent"]) == sorted(act["act_id"] for act in closed.values())
    for case_id, act in closed.items():
        await check(street.world.db, case_id, act)


def play(folder: Path, examples: int, *, same_each_time: bool) -> None:
    with asyncio.Runner() as runner:
        stage = a_street(folder)
        street = runner.run(stage.__aenter__())
        try:

            @settings(
                max_examples=examples, derandomize=same_each_time, print_blob=True, phases=[Phase.generate],
            )  # fmt: skip
            @given(plans, days)
            def each(faults: list[str], day: list[int]) -> None:
                runner.run(live(street, faults, day))

            each()
            assert runner.run(run("verify", settings=street.settings)) == (0, "clean")
        finally:
            runner.run(stage.__aexit__(None, None, None))


def test_whatever_the_network_does_each_closure_is_on_record_once(tmp_path: Path) -> None:
    play(tmp_path, 6, same_each_time=True)


@pytest.mark.long
def test_whatever_the_network_does_over_and_over(tmp_path: Path) -> None:
    play(tmp_path, 150, same_each_time=False)
    keep("outbox against server on a bad network", "150 days of faults: lost 0, doubled 0")
