/**
 * What commands do to routes, maintenance and limits, over one interface with two ways: the REST
 * API of a server, or an engine of this process on the same store. Blocking: never on an event
 * loop.
 */
@NullMarked
package io.shield.cli.control;

import org.jspecify.annotations.NullMarked;
