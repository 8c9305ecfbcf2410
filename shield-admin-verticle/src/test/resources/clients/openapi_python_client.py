"""Changes a route with a client that openapi-python-client made."""
import os

from shield_client import AuthenticatedClient
from shield_client.api.routes import disable_route_by_path, list_routes
from shield_client.models import Closing

client = AuthenticatedClient(
    base_url=os.environ["URL"],
    token=os.environ["TOKEN"],
    prefix="",
    auth_header_name="X-Shield-Token",
)
assert "GET:/payments" in [route.path for route in list_routes.sync(client=client)]
disable_route_by_path.sync(client=client, path="GET:/payments", body=Closing(reason="broken"))
[route] = [each for each in list_routes.sync(client=client) if each.path == "GET:/payments"]
print(route.status, route.reason)
