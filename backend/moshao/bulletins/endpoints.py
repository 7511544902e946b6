"""Bulletins: drafted and published by the supervisor, read by the leader too."""

from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from moshao.bulletins import drafting, publishing
from moshao.bulletins.kept import find
from moshao.bulletins.printing import FORMATS, MEDIA_TYPES, archive, as_file
from moshao.bulletins.schemas import (
    BulletinBody,
    BulletinList,
    BulletinView,
    CandidateList,
    PeriodKind,
    PublicationBody,
    TemplateView,
    WordsBody,
)
from moshao.bulletins.showing import document_of, list_bulletins, reads_drafts, show
from moshao.bulletins.templates import drop_template, put_template, show_template, template_of
from moshao.bulletins.wording import FILE_NAME
from moshao.evidence.room import Evidence
from moshao.kit import errors
from moshao.kit.db import Database
from moshao.people.actor import Actor
from moshao.people.guards import requires

Asking = Request[Actor, Any, Any]
DOCX = MEDIA_TYPES["docx"]

Shape = Annotated[
    Literal["json", "docx", "pdf", "xlsx"], QueryParameter(name="format", description="What it is to be written as.")
]
readers = [requires("supervisor", "leader")]
editors = [requires("supervisor")]
keepers = [requires("supervisor", "admin")]


@get("/api/bulletins", operation_id="list_bulletins", guards=readers)
async def get_bulletins(
    request: Asking, db: NamedDependency[Database], period: FromQuery[PeriodKind | None] = None
) -> BulletinList:
    """The latest first; a leader reads what was published."""
    async with db.reading() as reader:
        return await list_bulletins(reader, request.user, period)


@put("/api/bulletins/{bulletin_id:uuid}", operation_id="put_bulletin", guards=editors)
async def put_bulletin(
    request: Asking, bulletin_id: FromPath[UUID], data: JSONBody[BulletinBody], db: NamedDependency[Database]
) -> Response[BulletinView]:
    """Draft the bulletin of a period: 201, or 200 for the same again."""
    new = await drafting.draft(db, request.user, bulletin_id, data)
    return Response(await _shown(db, request.user, bulletin_id), status_code=201 if new else 200)


@get(
    "/api/bulletins/{bulletin_id:uuid}",
    operation_id="get_bulletin",
    guards=readers,
    opt={"media": {200: "application/json"}},
)
async def get_bulletin(
    request: Asking,
    bulletin_id: FromPath[UUID],
    db: NamedDependency[Database],
    evidence: NamedDependency[Evidence],
    wanted: Shape = "json",
) -> Response[Any]:
    """What stands in it, or a file: of a published one always the same bytes."""
    async with db.reading() as reader:
        if wanted == "json":
            return Response(await show(reader, request.user, bulletin_id))
        kept = await find(reader, request.user.district_id, bulletin_id, published=not reads_drafts(request.user))
    document = document_of(kept)
    name = FILE_NAME.format(title=document.title, number=document.number)
    return _file(await as_file(evidence, kept, wanted), MEDIA_TYPES[wanted], f"{name}.{wanted}")


@delete("/api/bulletins/{bulletin_id:uuid}", operation_id="drop_bulletin", guards=editors)
async def drop_bulletin(request: Asking, bulletin_id: FromPath[UUID], db: NamedDependency[Database]) -> None:
    """Throw a draft away."""
    await drafting.drop(db, request.user, bulletin_id)


@post("/api/bulletins/{bulletin_id:uuid}/recounts", operation_id="recount_bulletin", guards=editors, status_code=200)
async def recount_bulletin(request: Asking, bulletin_id: FromPath[UUID], db: NamedDependency[Database]) -> BulletinView:
    """All numbers of a draft as they are now; words and photos stay."""
    await drafting.recount(db, request.user, bulletin_id)
    return await _shown(db, request.user, bulletin_id)


@put("/api/bulletins/{bulletin_id:uuid}/words", operation_id="put_bulletin_words", guards=editors)
async def put_words(
    request: Asking, bulletin_id: FromPath[UUID], data: JSONBody[WordsBody], db: NamedDependency[Database]
) -> BulletinView:
    """Other words, other typical cases."""
    await drafting.word(db, request.user, bulletin_id, data)
    return await _shown(db, request.user, bulletin_id)


@get("/api/bulletins/{bulletin_id:uuid}/candidates", operation_id="list_bulletin_candidates", guards=editors)
async def get_candidates(request: Asking, bulletin_id: FromPath[UUID], db: NamedDependency[Database]) -> CandidateList:
    """Cases closed in the period, with photos of before and after."""
    async with db.reading() as reader:
        return CandidateList(items=await drafting.candidates_of(reader, request.user, bulletin_id))


@put("/api/bulletins/{bulletin_id:uuid}/publication", operation_id="publish_bulletin", guards=editors)
async def put_publication(
    request: Asking,
    bulletin_id: FromPath[UUID],
    data: JSONBody[PublicationBody],
    db: NamedDependency[Database],
    evidence: NamedDependency[Evidence],
) -> BulletinView:
    """It gets its number and changes no more. Its files are written at once."""
    await publishing.publish(db, request.user, bulletin_id, data.revision)
    async with db.reading() as reader:
        kept = await find(reader, request.user.district_id, bulletin_id)
    for wanted in FORMATS:
        if wanted not in kept.files:
            await archive(evidence, kept, wanted)
    return await _shown(db, request.user, bulletin_id)


@get("/api/bulletin_template", operation_id="get_bulletin_template", guards=keepers)
async def get_template(request: Asking, db: NamedDependency[Database]) -> TemplateView:
    """Whose letterhead is used."""
    async with db.reading() as reader:
        return await show_template(reader, request.user)


@get(
    "/api/bulletin_template.docx",
    operation_id="get_bulletin_template_file",
    guards=keepers,
    opt={"media": {200: DOCX}},
)
async def get_template_file(request: Asking, evidence: NamedDependency[Evidence]) -> Response[bytes]:
    """The district's own letterhead. 404 while ours is used."""
    content = await template_of(evidence, request.user.district_id)
    if content is None:
        raise errors.not_found()
    return _file(content, DOCX, "template.docx")


@put("/api/bulletin_template", operation_id="put_bulletin_template", guards=keepers, opt={"bodies": {DOCX: None}})
async def put_template_file(
    request: Asking, db: NamedDependency[Database], evidence: NamedDependency[Evidence]
) -> TemplateView:
    """The body is a DOCX: its marks {{标题}} {{期号}} {{单位}} {{统计期}} {{日期}} {{正文}} are filled in."""
    await put_template(evidence, request.user, await request.body())
    async with db.reading() as reader:
        return await show_template(reader, request.user)


@delete("/api/bulletin_template", operation_id="drop_bulletin_template", guards=keepers)
async def delete_template(request: Asking, evidence: NamedDependency[Evidence]) -> None:
    """Ours again."""
    await drop_template(evidence, request.user)


async def _shown(db: Database, actor: Actor, bulletin_id: UUID) -> BulletinView:
    async with db.reading() as reader:
        return await show(reader, actor, bulletin_id)


def _file(content: bytes, media_type: str, name: str) -> Response[bytes]:
    plain = f"bulletin.{name.rpartition('.')[2]}"
    said = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=media_type, headers={"content-disposition": said, "cache-control": "no-store"})


router = Router(
    "/",
    route_handlers=[
        get_bulletins, put_bulletin, get_bulletin, drop_bulletin, recount_bulletin, put_words, get_candidates,
        put_publication, get_template, get_template_file, put_template_file, delete_template,
    ],
)  # fmt: skip
