/**
 * What could be typed next: reads a command line that is not finished yet along the commands'
 * options and arguments. Knows no command; those say which values they take.
 */
@NullMarked
package io.shield.cli.complete;

import org.jspecify.annotations.NullMarked;
