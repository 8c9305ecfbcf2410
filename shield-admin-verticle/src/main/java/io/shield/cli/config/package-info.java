/** Which server a command talks to, and as whom: contexts, the configuration file, the address. */
@NullMarked
package io.shield.cli.config;

import org.jspecify.annotations.NullMarked;
