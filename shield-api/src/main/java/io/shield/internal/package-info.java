/**
 * What Shield's own modules share of the engine and nobody else may rely on: compiled verdicts, the
 * hooks by which a handler declares its routes, and who a request comes from. Exported to Shield's
 * modules only.
 */
@NullMarked
package io.shield.internal;

import org.jspecify.annotations.NullMarked;
