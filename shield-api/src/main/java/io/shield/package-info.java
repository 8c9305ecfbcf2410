/**
 * The front door of Shield: the engine's interface and the words everything else is written in.
 *
 * <p>What may enter: types a user of the engine names in their own code. They depend on Vert.x core
 * and Jackson only, never on HTTP routing, storage clients or the admin API. Implementations live
 * in {@code impl} packages, which are not exported.
 */
@NullMarked
package io.shield;

import org.jspecify.annotations.NullMarked;
