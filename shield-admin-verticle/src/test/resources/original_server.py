"""A server in Python for services: FAMILY PORT"""

import os
import sys

import uvicorn

family, port = sys.argv[1:3]
if family == "shield":
    from shield.core.backends.memory import MemoryBackend
    from shield.server import ShieldServer as server
else:
    from waygate.core.backends.memory import MemoryBackend
    from waygate.server import WaygateServer as server

app = server(backend=MemoryBackend(), auth=("ann", os.environ["PASSWORD"]))
uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning")
