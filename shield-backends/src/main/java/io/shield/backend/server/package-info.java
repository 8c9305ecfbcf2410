/**
 * The store of a Shield Server, as a client sees it: what belongs to the client's service, and to
 * the fleet.
 *
 * <p>What may enter: what speaks to such a server, or to a server of the original.
 */
@NullMarked
package io.shield.backend.server;

import org.jspecify.annotations.NullMarked;
