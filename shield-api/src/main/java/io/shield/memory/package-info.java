/**
 * The backend that keeps everything in this process's memory: the default, and a model for others.
 */
@NullMarked
package io.shield.memory;

import org.jspecify.annotations.NullMarked;
