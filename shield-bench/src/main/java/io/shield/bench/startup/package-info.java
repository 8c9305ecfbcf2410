/** How long an application with Shield takes until it enforces something, and what it costs. */
@NullMarked
package io.shield.bench.startup;

import org.jspecify.annotations.NullMarked;
