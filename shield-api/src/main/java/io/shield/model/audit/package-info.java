/** Who did what, when, and what it changed: the entries of the audit log. Values only. */
@NullMarked
package io.shield.model.audit;

import org.jspecify.annotations.NullMarked;
