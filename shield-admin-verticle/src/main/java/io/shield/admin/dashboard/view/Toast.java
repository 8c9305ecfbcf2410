package io.shield.admin.dashboard.view;

/**
 * What was done, and how it can be taken back.
 *
 * @param text what was done
 * @param undo the call that takes it back, or empty if none can
 */
public record Toast(String text, String undo) {}
