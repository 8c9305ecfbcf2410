/**
 * The change path: what was asked for is planned as edits with the versions they expect, committed,
 * and announced. It follows the replica and knows nothing of who declares routes.
 */
@NullMarked
package io.shield.impl.change;

import org.jspecify.annotations.NullMarked;
