"""What a closure must bring: photos by the class's rule, a place, a chip outside the fence. Pure."""

from moshao.cases.case import Case
from moshao.cases.photos import NamedPhotos
from moshao.cases.schemas import ActBody
from moshao.catalogue.rules import PhotoNeed
from moshao.kit import errors
from moshao.kit.errors import FieldError, Refused
from moshao.places.datum import to_wgs84
from moshao.places.distance import metres_nearby
from moshao.places.position import fault_in

too_few_photos = errors.refusal("too_few_photos", 422, "照片不够，请按要求补拍，或选择未拍照的原因")
place_missing = errors.refusal("place_missing", 422, "没有定位，请选择原因")
off_site_reason_missing = errors.refusal("off_site_reason_missing", 422, "您不在案件位置附近，请选择原因")


def photos_refusal(need: PhotoNeed, photos: NamedPhotos) -> Refused | None:
    """Photos still on their way may show either side, so they count where they are needed."""
    short = max(0, need.before - photos.count("before")) + max(0, need.after - photos.count("after"))
    if short <= len(photos.missing):
        return None
    return too_few_photos(f"需要处置后照片 {need.after} 张，处置前照片 {need.before} 张")


def metres_off(case: Case, body: ActBody) -> float | None:
    """How far from the case, in metres, less what the fix may be wrong; None where either place is unknown.

    Raises `bad_field` for numbers that are no place.
    """
    if body.place is None:
        return None
    lon, lat = body.place.location.coordinates[:2]
    if (fault := fault_in(lon, lat)) is not None:
        raise errors.bad_field(fault, errors=(FieldError("place.location", fault, "不是有效的经纬度"),))
    if case.lon is None or case.lat is None:
        return None
    lon, lat = to_wgs84(lon, lat, body.place.datum)
    return max(0.0, metres_nearby(lon, lat, case.lon, case.lat) - (body.place.accuracy_m or 0.0))
