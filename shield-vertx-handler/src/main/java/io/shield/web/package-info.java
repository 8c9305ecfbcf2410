/**
 * Enforcement in a Vert.x Web router: the handlers, declarations beside routes, and how refusals
 * look. What is decided is decided in {@code io.shield}; here is only what concerns HTTP.
 */
@NullMarked
package io.shield.web;

import org.jspecify.annotations.NullMarked;
