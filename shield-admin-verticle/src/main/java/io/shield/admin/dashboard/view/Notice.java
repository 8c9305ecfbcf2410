package io.shield.admin.dashboard.view;

/**
 * Something that overrides what the tables say, or that an operator must know at once.
 *
 * @param kind {@code danger}, {@code warning} or {@code info}
 * @param title what it is
 * @param text more about it, as somebody typed it, or empty
 * @param link where to go, or empty
 * @param linkText what that does
 */
public record Notice(String kind, String title, String text, String link, String linkText) {}
