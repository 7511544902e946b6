"""A client that keeps to the contract and nothing else: it sends `after` alone."""

from typing import Any

from tests.phone import Phone

PAGES_MOST = 400


class Follower:
    """What a phone knows. `sends_all`: it sends back epoch, roster and until, as our own phone does."""

    def __init__(self, phone: Phone, *, sends_all: bool = False) -> None:
        self.phone = phone
        self.sends_all = sends_all
        self.seq = 0
        self.cases: dict[str, dict[str, Any]] = {}
        self.nearby: dict[str, dict[str, Any]] = {}
        self.resets = 0
        self.said: dict[str, Any] = {}

    async def page(self) -> dict[str, Any]:
        """Ask once and apply the answer."""
        said = self.said if self.sends_all and self.seq else {}
        answer = await self.phone.get("/api/changes", params={"after": self.seq, **said})
        assert answer.status_code == 200, answer.text
        assert len(answer.content) <= 256 * 1024 or len(answer.json()["cases"]) == 1
        page: dict[str, Any] = answer.json()
        if page["reset"]:
            self.resets += 1
            self.cases, self.nearby = {}, {}
        assert page["seq"] >= self.seq or page["reset"]
        seqs = [case["seq"] for case in page["cases"]]
        assert seqs == sorted(seqs), "journal order"
        assert len(page["cases"]) + len(page["gone"]) <= 200 or page.get("nearby")
        for case_id in page["gone"]:
            self.cases.pop(case_id, None)
            self.nearby.pop(case_id, None)
        for case in page["cases"]:
            self.cases[case["id"]] = case
            self.nearby.pop(case["id"], None)
        for case in page.get("nearby", ()):
            self.nearby[case["id"]] = case
        self.seq = page["seq"]
        self.said = {name: page[name] for name in ("epoch", "roster", "until")}
        return page

    async def follow(self) -> list[dict[str, Any]]:
        """Ask until there is no more; the pages."""
        pages = [await self.page()]
        while pages[-1]["more"]:
            assert len(pages) < PAGES_MOST, "it never ends"
            pages.append(await self.page())
        return pages

    def states(self) -> dict[str, str]:
        return {case_id: case["state"] for case_id, case in self.cases.items()}
