/**
 * A store in Redis, shared by many instances and with instances of the original library. Needs the
 * artifact {@code io.vertx:vertx-redis-client}.
 */
@NullMarked
package io.shield.backend.redis;

import org.jspecify.annotations.NullMarked;
