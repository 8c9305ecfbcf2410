/**
 * Two stores on SQLite, complete: one of six methods, one of the whole interface. The page {@code
 * docs/own-backend.md} quotes them.
 */
@NullMarked
package io.shield.backend.examples;

import org.jspecify.annotations.NullMarked;
