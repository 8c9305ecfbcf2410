/**
 * How values are checked and named, the same for every record. Nothing here knows what a value is
 * for.
 */
@NullMarked
package io.shield.internal.value;

import org.jspecify.annotations.NullMarked;
