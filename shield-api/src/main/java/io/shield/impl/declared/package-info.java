/**
 * Declared state: all that is configured, or a part of it, as one document, and what has to change
 * to reach it. It plans with the planners of the change path and of limits.
 */
@NullMarked
package io.shield.impl.declared;

import org.jspecify.annotations.NullMarked;
