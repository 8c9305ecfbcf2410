package io.shield.admin.dashboard.view;

/**
 * One minute of a route's requests, as a column of a picture that is 100 high.
 *
 * @param x where it stands
 * @param allowed how high the part is that was let through
 * @param refused how high the part is that a gate refused
 * @param limited how high the part is that a limit refused
 * @param text the same in words
 */
public record Bar(int x, int allowed, int refused, int limited, String text) {}
