/**
 * What requests at a gate pay while others press on the admin API beside it. One process is the
 * application, with a small heap; the other measures and presses.
 */
@org.jspecify.annotations.NullMarked
package io.shield.bench.pressure;
