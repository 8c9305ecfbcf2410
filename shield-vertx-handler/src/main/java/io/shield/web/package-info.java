/**
 * Enforcement in a Vert.x Web router: the handler, route declarations, refusals and the SDK.
 *
 * <p>What may enter: what needs {@code RoutingContext}. What a state means is decided by the
 * engine; this room only asks it and writes the answer to the response.
 */
@NullMarked
package io.shield.web;

import org.jspecify.annotations.NullMarked;
