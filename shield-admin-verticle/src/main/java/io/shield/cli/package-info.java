/**
 * The {@code shield} command.
 *
 * <p>What may enter: commands, their output and exit codes, and the demo. A command is a client of
 * the REST API or starts a server; it decides nothing about routes. Only here and in the benchmarks
 * may code write to standard output.
 */
@NullMarked
package io.shield.cli;

import org.jspecify.annotations.NullMarked;
