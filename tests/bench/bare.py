"""What the framework itself costs: one route that answers JSON, served as `moshao serve` is."""

from litestar import Litestar, get


@get("/bare")
async def bare() -> dict[str, object]:
    return {"epoch": "0", "seq": 1, "more": False, "reset": False, "cases": [], "gone": []}


app = Litestar([bare], logging_config=None)
