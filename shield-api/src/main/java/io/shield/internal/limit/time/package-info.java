/** The time that limits count by. */
@NullMarked
package io.shield.internal.limit.time;

import org.jspecify.annotations.NullMarked;
