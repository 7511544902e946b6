"""/openapi.json is OpenAPI 3.1, and leaves nothing to guess: a program could be written against it alone."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis

from moshao.kit.openapi import document
from tests.world import the_app

# What they need to know stands in the path.
ASK_WITHOUT_A_BODY = {"rotate_upstream_secret", "recount_bulletin", "put_receipt", "put_suggestion_seen"}
ANSWER_WITHOUT_A_BODY = {"create_upload", "ask_upload", "override_upload"}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return document(the_app())


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_it_is_openapi(described: dict[str, Any]) -> None:
    schemathesis.openapi.from_dict(described).validate()
    assert described["openapi"].startswith("3.1")


def test_a_broken_document_would_be_found(described: dict[str, Any]) -> None:
    broken = described | {"paths": {"/x": {"get": {"responses": {"200": {"no": "description"}}}}}}
    with pytest.raises(Exception, match="description"):
        schemathesis.openapi.from_dict(broken).validate()


def test_it_stands_in_one_order(described: dict[str, Any]) -> None:
    for named in (described["paths"], described["components"]["schemas"], *described["paths"].values()):
        assert list(named) == sorted(named)


def test_every_body_is_told(described: dict[str, Any]) -> None:
    silent = {
        operation["operationId"]
        for _, method, operation in operations(described)
        if method in ("put", "post", "patch") and "requestBody" not in operation
    }
    assert silent == ASK_WITHOUT_A_BODY


def test_every_good_answer_is_told(described: dict[str, Any]) -> None:
    silent = {
        operation["operationId"]
        for _, _, operation in operations(described)
        for status in ("200", "201", "202")
        if status in operation["responses"] and not operation["responses"][status].get("content")
    }
    assert silent == ANSWER_WITHOUT_A_BODY


def test_every_refusal_is_a_problem(described: dict[str, Any]) -> None:
    for _, _, operation in operations(described):
        assert list(operation["responses"]["default"]["content"]) == ["application/problem+json"]


def test_every_id_in_a_path_is_a_uuid(described: dict[str, Any]) -> None:
    ids = [
        parameter["schema"].get("format")
        for _, _, operation in operations(described)
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "path" and parameter["name"].endswith("_id")
    ]
    assert ids
    assert set(ids) == {"uuid"}


def test_headers_that_are_read_are_told(described: dict[str, Any]) -> None:
    asked = {
        operation["operationId"]: {
            parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "header"
        }
        for _, _, operation in operations(described)
    }
    assert asked["put_closures"] == {"Act-Signature", "Device-Time"}
    assert asked["continue_upload"] == {"Tus-Resumable", "Upload-Offset", "Upload-Checksum"}
    assert asked["post_upstream_events"] == {"webhook-id", "webhook-timestamp", "webhook-signature"}
    assert asked["get_stream"] == {"Last-Event-ID"}
