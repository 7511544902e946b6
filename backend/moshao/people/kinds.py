"""Every kind of journal line about the roster; `members` names what of it changed."""

from moshao.journal.kinds import Kinds

KINDS = Kinds(
    "people",
    {
        "settings_changed": "the district decided something for itself (facts: members)",
        "calendar_changed": "the hours of a working calendar were made or changed (facts: code, members)",
        "calendar_dropped": "the district no longer has a calendar of its own (facts: code)",
        "holiday_changed": "a day is free, or worked, from now on (facts: day, day_kind)",
        "holiday_dropped": "the district takes its word on a day back (facts: day)",
        "holiday_year_confirmed": "the holidays of a year are confirmed, or in doubt again (facts: year, confirmed)",
        "unit_changed": "a unit was made or changed (facts: unit_id, code, members)",
        "person_changed": "a person was put on record, changed or let go (facts: person_id, unit_id, role, members)",
        "crew_changed": "a crew was made or changed (facts: crew_id, unit_id, people, members)",
        "crew_ended": "a crew is no more (facts: crew_id)",
        "post_changed": "a post was made or changed (facts: post_id, unit_id, members)",
        "post_dropped": "a post is no more (facts: post_id)",
        "shift_changed": "hours were made or changed (facts: shift_id, members)",
        "shift_dropped": "hours are no more (facts: shift_id)",
        "duty_changed": "somebody was put in charge, or of something else (facts: duty_id, person_id, members)",
        "duty_ended": "somebody is no longer in charge (facts: duty_id, person_id)",
        "absence_changed": "somebody is away, and who stands in (facts: absence_id, person_id, stand_in_id, members)",
        "absence_cancelled": "he is not away after all (facts: absence_id, person_id)",
        "device_paired": "a phone was bound (facts: device_id, person_id or post_id)",
        "device_ended": "a phone was lost, replaced or returned (facts: device_id, ended_as)",
        "password_changed": "by himself or by who helps him (facts: person_id)",
        "pin_changed": "by himself or by who helps him (facts: person_id)",
    },
)
