/**
 * The backend that keeps everything in one file that people can read: JSON, YAML or TOML, by its
 * extension. Processes of one host may share it, editors may change it.
 *
 * <p>What may enter: the options and the interface. Everything that touches the disk is in {@code
 * impl}.
 */
@NullMarked
package io.shield.backend.file;

import org.jspecify.annotations.NullMarked;
