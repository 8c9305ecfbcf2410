/**
 * Benchmarks: JMH micro benchmarks and whole-system load runs, each beside its baseline.
 *
 * <p>What may enter: measurements and what only they need. Nothing depends on this module.
 */
@NullMarked
package io.shield.bench;

import org.jspecify.annotations.NullMarked;
