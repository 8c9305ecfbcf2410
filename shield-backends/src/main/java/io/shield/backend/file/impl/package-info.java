/**
 * How the file backend keeps its promises. {@code FileBackendImpl} owns the threads, {@code
 * FileStore} the steps of reading, judging and writing, {@code Layout} and {@code Format} the shape
 * of the content, {@code FileOps} is every touch of the disk.
 */
@NullMarked
package io.shield.backend.file.impl;

import org.jspecify.annotations.NullMarked;
