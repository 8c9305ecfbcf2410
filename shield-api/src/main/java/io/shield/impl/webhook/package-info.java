/**
 * Webhooks: events are written by the change path in the commit that brings them, and sent by one
 * node after the other. It follows the replica and writes through the change path.
 */
@NullMarked
package io.shield.impl.webhook;

import org.jspecify.annotations.NullMarked;
