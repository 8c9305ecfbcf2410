package io.shield.web.impl;

/**
 * A route as the engine knows it.
 *
 * @param slot where its verdict stands
 * @param template its path with all mount points
 * @param declaration what is declared beside it
 */
record Target(int slot, String template, Declaration declaration) {}
