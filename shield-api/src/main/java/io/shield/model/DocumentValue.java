package io.shield.model;

/** What one document of the store can hold. */
public sealed interface DocumentValue
    permits RouteState, MaintenanceMode, RateLimitPolicy, GlobalRateLimitPolicy, OpaqueDocument {}
