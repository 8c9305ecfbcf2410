/**
 * What a command shows and asks: formats, tables, colours, prompts, progress, failures and exit
 * codes. Knows nothing of routes or servers.
 */
@NullMarked
package io.shield.cli.terminal;

import org.jspecify.annotations.NullMarked;
