/**
 * From policies to charges: which limits apply to a request, what it is charged, and what a caller
 * is told. Exported to Shield's own modules only; counting itself is in {@code counter}.
 */
@NullMarked
package io.shield.internal.limit;

import org.jspecify.annotations.NullMarked;
