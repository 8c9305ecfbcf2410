package io.shield.admin.dashboard.view;

/**
 * How many routes have a status.
 *
 * @param status the status; its wire name is empty for all routes
 * @param number how many
 * @param chosen whether the page shows only these
 */
public record Count(Status status, int number, boolean chosen) {}
