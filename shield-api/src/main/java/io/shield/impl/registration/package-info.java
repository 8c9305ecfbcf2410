/**
 * What the code of this process declares: collected by source, merged, and brought into the store.
 */
@NullMarked
package io.shield.impl.registration;

import org.jspecify.annotations.NullMarked;
