/**
 * Collections that never change. A changed one shares with the one before it all that stayed as it
 * was, so that a change costs in proportion to itself, however much there is.
 */
@NullMarked
package io.shield.internal.persistent;

import org.jspecify.annotations.NullMarked;
