/** Webhooks: who hears of changes, and what became of that. Records without behaviour. */
@NullMarked
package io.shield.model.webhook;

import org.jspecify.annotations.NullMarked;
