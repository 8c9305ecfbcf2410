"""Prints the id and the data of each event of the stream that is named by the environment."""
import json
import os

import httpx
from httpx_sse import connect_sse

with httpx.Client(timeout=60) as client:
    headers = {"X-Shield-Token": os.environ["TOKEN"]}
    with connect_sse(client, "GET", os.environ["URL"], headers=headers) as stream:
        for event in stream.iter_sse():
            print(json.dumps([event.id, event.data]), flush=True)
print(json.dumps(["", "ended"]), flush=True)
