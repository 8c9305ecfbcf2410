/**
 * Gates: decisions compiled ahead of requests, for every template at once, by the order that {@link
 * io.shield.decision.Decider#rule} has; and which rule is in force, for people.
 */
@NullMarked
package io.shield.internal.gate;

import org.jspecify.annotations.NullMarked;
