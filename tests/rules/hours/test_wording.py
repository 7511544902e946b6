import pytest
from tests.rules.hours.calendars import DUTY, OFFICE, at

from moshao.hours.calendars import Calendar
from moshao.hours.deadlines import Deadline
from moshao.hours.limits import Limit
from moshao.hours.wording import why

SURE = Deadline(at("2026-11-24 10:00"), confirmed=True)
OPEN = Deadline(at("2027-01-04 10:00"), confirmed=False)


@pytest.mark.parametrize(
    ("limit", "deadline", "calendar", "zh", "en"),
    [
        (Limit(2, "urgent_hour"), SURE, DUTY, "2 紧急工作时, 夜间照计", "2 urgent hours, nights count"),
        (Limit(1, "urgent_day"), SURE, OFFICE,
         "1 紧急工作日, 夜间、节假日照计", "1 urgent day, nights and holidays count"),
        (Limit(4, "work_hour"), SURE, DUTY, "4 工作时, 只计 07:30-19:30", "4 work hours, 07:30-19:30 only"),
        (Limit(3, "work_day"), SURE, OFFICE,
         "3 工作日(每日 8 小时), 只计 08:00-12:00、14:00-18:00, 节假日不计",
         "3 work days of 8 h, 08:00-12:00 and 14:00-18:00 only, holidays do not count"),
        (Limit(1, "work_hour"), OPEN, OFFICE,
         "1 工作时, 只计 08:00-12:00、14:00-18:00, 节假日不计, 节假日安排未公布, 暂定",
         "1 work hour, 08:00-12:00 and 14:00-18:00 only, holidays do not count,"
         " holidays not announced yet, provisional"),
        (None, SURE, DUTY, "上级指定的时限", "deadline set from above"),
    ],
)  # fmt: skip
def test_why(limit: Limit | None, deadline: Deadline, calendar: Calendar, zh: str, en: str) -> None:
    assert why(limit, deadline, calendar) == zh
    assert why(limit, deadline, calendar, "en") == en
