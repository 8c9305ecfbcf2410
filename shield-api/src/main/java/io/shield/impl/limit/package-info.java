/**
 * What the engine does for limits beside judging requests: it carries out resets, keeps counters
 * and hits, plans changes of policies and watches what cannot be enforced.
 */
@NullMarked
package io.shield.impl.limit;

import org.jspecify.annotations.NullMarked;
