/** The Redis that benchmarks start. */
@NullMarked
package io.shield.bench.redis;

import org.jspecify.annotations.NullMarked;
