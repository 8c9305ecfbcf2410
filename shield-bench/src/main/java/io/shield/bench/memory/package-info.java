/** What is kept takes of the heap. */
@NullMarked
package io.shield.bench.memory;

import org.jspecify.annotations.NullMarked;
