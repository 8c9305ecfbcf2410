package io.shield.admin.dashboard.view;

/**
 * Something the palette found.
 *
 * @param id names the element
 * @param kind {@code Page}, {@code Route}, or an action's word
 * @param text what it is
 * @param href where it leads, or empty for an action
 * @param values the fields that open an action's dialog, as JSON
 */
public record PaletteItem(String id, String kind, String text, String href, String values) {}
