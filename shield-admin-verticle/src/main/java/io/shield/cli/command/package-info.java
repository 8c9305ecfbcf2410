/**
 * The commands, grouped by subject. A command reads its arguments, calls a {@code Control} or a
 * server's REST API, and writes what came of it; it decides nothing about routes.
 */
@NullMarked
package io.shield.cli.command;

import org.jspecify.annotations.NullMarked;
