/**
 * A small application and its tests, as a user writes them. The page {@code docs/testing.md} quotes
 * them.
 */
@NullMarked
package io.shield.web.examples;

import org.jspecify.annotations.NullMarked;
