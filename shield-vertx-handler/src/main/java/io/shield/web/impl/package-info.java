/**
 * How the handler works inside: which route a request will end in, and what is done about it.
 *
 * <p>What may enter: what implements the exported package and no application names. Everything on a
 * request's path is here, so nothing here blocks or takes a lock on it.
 */
@NullMarked
package io.shield.web.impl;

import org.jspecify.annotations.NullMarked;
