/**
 * What applications test with: an engine for each test, a clock that is set, and assertions.
 *
 * <p>What may enter: what a user's tests name. This package is published as part of the {@code
 * fixtures} jar.
 */
@NullMarked
package io.shield.testing;

import org.jspecify.annotations.NullMarked;
