/**
 * Benchmarks: the {@code shield bench} command and the harness around JMH. Each benchmark is an
 * entry of {@code Benchmarks} and has its measured classes in a package of its own below; each
 * measurement has its baseline in the same run.
 *
 * <p>What may enter: measurements and what only they need. Nothing depends on this module.
 */
@NullMarked
package io.shield.bench;

import org.jspecify.annotations.NullMarked;
