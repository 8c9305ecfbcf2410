/** The cluster that benchmarks start. */
@NullMarked
package io.shield.bench.cluster;

import org.jspecify.annotations.NullMarked;
