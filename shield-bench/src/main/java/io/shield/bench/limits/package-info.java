/**
 * The benchmark {@code limits}: what a request pays to be counted.
 *
 * <p>What may enter: its measured classes, and how the peers they stand beside are set up.
 */
@NullMarked
package io.shield.bench.limits;

import org.jspecify.annotations.NullMarked;
