/** Rate-limit counters that the members of a cluster keep for each other. */
@NullMarked
package io.shield.backend.cluster.impl.limit;

import org.jspecify.annotations.NullMarked;
