/**
 * Histories of real processes: engines on a real Redis, each behind a proxy, while processes are
 * killed and halted, connections fail and the store loses data. What is recorded is judged by the
 * checker that also judges simulations.
 */
@NullMarked
package io.shield.history;

import org.jspecify.annotations.NullMarked;
