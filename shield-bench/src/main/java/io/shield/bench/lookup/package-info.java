/**
 * The benchmark {@code lookup}: what a request pays to find its route and the route's verdict.
 *
 * <p>What may enter: its measured classes and the sample API they work on.
 */
@NullMarked
package io.shield.bench.lookup;

import org.jspecify.annotations.NullMarked;
