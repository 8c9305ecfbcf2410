/**
 * Counting against a limit within this process: a {@link io.shield.limit.LimitRule} says what is
 * allowed, a {@link io.shield.limit.Limiter} counts many keys against one rule. Policies, keys and
 * HTTP are none of its business.
 */
@NullMarked
package io.shield.limit;

import org.jspecify.annotations.NullMarked;
