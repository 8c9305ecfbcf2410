/**
 * What calls of Shield fail with. Each says which field or route, which value, and what is allowed.
 */
@NullMarked
package io.shield.error;

import org.jspecify.annotations.NullMarked;
