"""What large uploads cost the server, while its own database and children are at work."""

import asyncio
import random
from pathlib import Path

import psutil

from tests.api.evidence.pictures import jpeg
from tests.api.evidence.sending import Sending
from tests.api.evidence.serving import served

LARGEST = 20 * 1024 * 1024
AT_ONCE = 12
GROWTH_MOST = 64 * 1024 * 1024


async def test_many_large_photos_are_never_held_whole(tmp_path: Path) -> None:
    """240 MB on their way; a server that kept them in memory would show it."""
    dice = random.Random(1)
    async with served(tmp_path) as server, server.phone("handler") as phone:
        await Sending(phone, jpeg()).whole()
        before = psutil.Process(server.pid).memory_info().rss
        large = []
        for seed in range(AT_ONCE):
            photo = jpeg(seed)
            large.append(Sending(phone, photo + dice.randbytes(LARGEST - len(photo))))
        answers = await asyncio.gather(*(photo.whole() for photo in large))
        assert {answer.status_code for answer in answers} == {201}
        status = Path(f"/proc/{server.pid}/status").read_text()
        peak = int(status.split("VmHWM:")[1].split()[0]) * 1024
        assert peak - before < GROWTH_MOST
        assert (await large[0].look()).content == large[0].content
