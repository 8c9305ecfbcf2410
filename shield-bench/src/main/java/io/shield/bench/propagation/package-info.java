/**
 * How long a change takes from one node to another, beside one message on the same way. What may
 * enter: this measurement and what only it needs.
 */
@NullMarked
package io.shield.bench.propagation;

import org.jspecify.annotations.NullMarked;
