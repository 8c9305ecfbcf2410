"""An instance in Python on a shared store: FAMILY redis|file LOCATION

Each line is an expression about `engine`, which is answered by a line: what it came to, or the
name of the exception. It ends as such an instance does when its input ends.
"""

import asyncio
import importlib
import sys

family, kind, location = sys.argv[1:4]
core = importlib.import_module(family + ".core.engine")
backends = importlib.import_module(family + ".core.backends." + kind)
backend = getattr(backends, kind.capitalize() + "Backend")(location)
engine = getattr(core, family.capitalize() + "Engine")(backend=backend)


async def answer(line):
    try:
        value = eval(line, {"engine": engine})
        return str(await value if asyncio.iscoroutine(value) else value)
    except Exception as e:
        return type(e).__name__


async def main():
    loop = asyncio.get_running_loop()
    async with engine:
        await engine.list_states()
        print("ready", flush=True)
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            print((await answer(line)).replace("\n", " "), flush=True)


asyncio.run(main())
