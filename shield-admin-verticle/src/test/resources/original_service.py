"""A service in Python under a server: FAMILY SERVER_URL APP_ID PORT"""

import os
import sys

import uvicorn
from fastapi import FastAPI

family, server, app_id, port = sys.argv[1:5]
if family == "shield":
    from shield.fastapi import ShieldRouter as GuardedRouter
    from shield.fastapi import force_active, maintenance
    from shield.sdk import ShieldSDK as Sdk
else:
    from waygate.fastapi import WaygateRouter as GuardedRouter
    from waygate.fastapi import force_active, maintenance
    from waygate.sdk import WaygateSDK as Sdk

sdk = Sdk(
    server_url=server,
    app_id=app_id,
    username=app_id,
    password=os.environ["PASSWORD"],
)
app = FastAPI()
sdk.attach(app)
router = GuardedRouter(engine=sdk.engine)


@router.get("/pay")
async def pay():
    return {"result": "paid"}


@router.get("/reports")
@maintenance(reason="rebuild")
async def reports():
    return {"result": "report"}


@router.get("/health")
@force_active
async def health():
    return {"result": "healthy"}


app.include_router(router)
uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning")
