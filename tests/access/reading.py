"""What an answer means for who asked, in one sign."""

import httpx

MEANING = {
    ".": "401: nobody is signed in",
    "x": "403: not for this role",
    "-": "404: as if it were not there",
    "?": "422: the body names what is not there for him",
    "+": "let in: done, or refused for what it says or for how things stand",
}


UNKNOWN = ("unknown", "unknown_unit")
NOT_THIS_ROLE = ("not_your_role", "not_your_act")


def sign_of(answer: httpx.Response) -> str:
    """Raises AssertionError for an answer that no matrix should hold: a fault of the server."""
    assert answer.status_code < 500, answer.text
    if answer.status_code in (401, 404):
        return "." if answer.status_code == 401 else "-"
    if answer.status_code == 403 and answer.json()["code"] in NOT_THIS_ROLE:
        return "x"
    if answer.status_code == 422 and any(error["code"] in UNKNOWN for error in answer.json()["errors"]):
        return "?"
    return "+"
