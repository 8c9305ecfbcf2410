/** What a store that the original or a person wrote into holds, as entries of the audit log. */
@NullMarked
package io.shield.internal.adoption;

import org.jspecify.annotations.NullMarked;
