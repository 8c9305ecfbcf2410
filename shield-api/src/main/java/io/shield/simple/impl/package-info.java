/** The adapter behind {@link io.shield.simple.SimpleBackends}. */
@NullMarked
package io.shield.simple.impl;

import org.jspecify.annotations.NullMarked;
