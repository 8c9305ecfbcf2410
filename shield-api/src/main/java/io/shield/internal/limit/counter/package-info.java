/**
 * Counting within this process: a {@link io.shield.internal.limit.counter.Limiter} counts many keys
 * against one rule, a {@link io.shield.internal.limit.counter.ConcurrencyLimit} how many requests
 * are under way. One class for each algorithm, and the table of counters they share. Policies,
 * callers and HTTP are none of its business.
 */
@NullMarked
package io.shield.internal.limit.counter;

import org.jspecify.annotations.NullMarked;
