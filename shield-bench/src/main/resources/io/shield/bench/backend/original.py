"""What a check of api-shield 0.8.3 takes with each of its backends.

Arguments: a directory to write to, and the URL of a Redis ("" leaves it out). Prints a line for
each backend: its name and the nanoseconds of a check, the median of all rounds.
"""

import asyncio
import statistics
import sys
import time

from shield.core.backends.file import FileBackend
from shield.core.backends.memory import MemoryBackend
from shield.core.engine import ShieldEngine
from shield.core.exceptions import RouteDisabledException

ROUTES = 10
ROUNDS = 40
ROUND_SECONDS = 0.05


async def measure(name, backend):
    async with ShieldEngine(backend=backend, current_env="production") as engine:
        await engine.start()
        paths = [f"/v1/resource{i}/items" for i in range(ROUTES)]
        for path in paths:
            await engine.register(f"GET:{path}", {"status": "active"})
        await see_that_it_judges(engine, paths[0])
        rounds = []
        for _ in range(ROUNDS):
            count = 0
            begin = time.perf_counter()
            while time.perf_counter() - begin < ROUND_SECONDS:
                for path in paths:
                    await engine.check(path, "GET")
                count += len(paths)
            rounds.append((time.perf_counter() - begin) / count)
        # The first ones fill caches.
        print(name, statistics.median(rounds[ROUNDS // 4 :]) * 1e9, flush=True)


async def see_that_it_judges(engine, path):
    await engine.disable(f"GET:{path}", reason="is it judged?")
    try:
        await engine.check(path, "GET")
    except RouteDisabledException:
        await engine.enable(f"GET:{path}")
        return
    raise SystemExit("a disabled route passed")


async def main(directory, redis):
    await measure("memory", MemoryBackend())
    await measure("file", FileBackend(f"{directory}/original.json"))
    if redis:
        from shield.core.backends.redis import RedisBackend

        await measure("redis", RedisBackend(redis))


asyncio.run(main(*sys.argv[1:]))
