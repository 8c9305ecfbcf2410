/**
 * How keys are counted: one class for each algorithm, and the table of counters they share. Never
 * exported.
 */
@NullMarked
package io.shield.limit.impl;

import org.jspecify.annotations.NullMarked;
