/**
 * Plain data: route states, policies, audit entries, and the snapshot, change and commit they
 * travel in. Immutable records that validate themselves. Nothing here does I/O, reads a clock or
 * knows where it is stored; whatever does, belongs elsewhere.
 */
@NullMarked
package io.shield.model;

import org.jspecify.annotations.NullMarked;
