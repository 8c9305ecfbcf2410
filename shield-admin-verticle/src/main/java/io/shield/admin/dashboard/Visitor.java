package io.shield.admin.dashboard;

import org.jspecify.annotations.Nullable;

/**
 * Who looks at the dashboard.
 *
 * @param name the account
 * @param role its role, as the API names it
 * @param mayChange whether it may change routes, maintenance and limits
 * @param mayDecide whether it may decide about the store
 * @param tokenId the token it signed in with, or null where nobody has to sign in
 */
public record Visitor(
    String name, String role, boolean mayChange, boolean mayDecide, @Nullable String tokenId) {}
