/**
 * The {@code shield} command.
 *
 * <p>What may enter: the tree of commands and the demo; what commands do, show and are configured
 * by is in the packages below. A command is a client of the REST API, changes a store through the
 * engine, or starts a server; it decides nothing about routes. Only here and in the benchmarks may
 * code write to standard output.
 */
@NullMarked
package io.shield.cli;

import org.jspecify.annotations.NullMarked;
