/**
 * The backends that keep state outside the process, one package each.
 *
 * <p>What may enter: what at least two of these backends share. A backend lives in its own package
 * below this one, implements {@code shield-api}'s backend SPI, is found by {@link
 * java.util.ServiceLoader}, and knows no other backend.
 */
@NullMarked
package io.shield.backend;

import org.jspecify.annotations.NullMarked;
