/**
 * What the stored state means for a request at a moment: pure functions over a snapshot. Nothing
 * here does I/O, keeps state or reads a clock; the time is a parameter.
 */
@NullMarked
package io.shield.decision;

import org.jspecify.annotations.NullMarked;
