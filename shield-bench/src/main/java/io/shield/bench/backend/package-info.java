/** What requests and commits cost with each backend. */
@NullMarked
package io.shield.bench.backend;

import org.jspecify.annotations.NullMarked;
