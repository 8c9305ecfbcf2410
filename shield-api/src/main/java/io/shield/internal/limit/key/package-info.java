/** Whose requests are counted together: callers and the names of their counters. */
@NullMarked
package io.shield.internal.limit.key;

import org.jspecify.annotations.NullMarked;
