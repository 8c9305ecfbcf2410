package io.shield.admin.dashboard.view;

/**
 * Signing in.
 *
 * @param username what was typed
 * @param next the page to go to
 * @param error what was wrong, or empty
 * @param notice why somebody has to, or empty
 */
public record SignInForm(String username, String next, String error, String notice) {}
