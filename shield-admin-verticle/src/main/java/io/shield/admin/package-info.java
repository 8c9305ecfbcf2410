/**
 * The control plane: REST API, sign-in, dashboard and the Shield Server.
 *
 * <p>What may enter: what an operator talks to. Every change goes through the engine's facade; this
 * room keeps no route state of its own.
 */
@NullMarked
package io.shield.admin;

import org.jspecify.annotations.NullMarked;
