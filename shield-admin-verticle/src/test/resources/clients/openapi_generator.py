"""Changes a route with a client that openapi-generator made."""
import os

import openapi_client

configuration = openapi_client.Configuration(host=os.environ["URL"])
configuration.api_key["token"] = os.environ["TOKEN"]
with openapi_client.ApiClient(configuration) as client:
    routes = openapi_client.RoutesApi(client)
    assert "GET:/payments" in [route.path for route in routes.list_routes()]
    routes.disable_route_by_path(
        path="GET:/payments", closing=openapi_client.Closing(reason="broken")
    )
    [route] = [each for each in routes.list_routes() if each.path == "GET:/payments"]
    print(route.status, route.reason)
