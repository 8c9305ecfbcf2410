/**
 * Which routes of a Vert.x router a request may run, known before any of them is tried.
 *
 * <p>What may enter: what reads a router and finds routes in it. It knows no engine and no state.
 * Everything on a request's path is here, so nothing here blocks or takes a lock on it.
 */
@NullMarked
package io.shield.web.index;

import org.jspecify.annotations.NullMarked;
