/**
 * How long a change takes from one node to another, beside one message through the same Redis. What
 * may enter: this measurement and what only it needs.
 */
@NullMarked
package io.shield.bench.propagation;

import org.jspecify.annotations.NullMarked;
