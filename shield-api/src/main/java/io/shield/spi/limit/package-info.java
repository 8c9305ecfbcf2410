/** The part of a backend that concerns rate limits: hits and counters that outlive a process. */
@NullMarked
package io.shield.spi.limit;

import org.jspecify.annotations.NullMarked;
