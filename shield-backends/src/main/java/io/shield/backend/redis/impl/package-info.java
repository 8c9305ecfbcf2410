/**
 * The Redis backend at work: one script for each thing that must happen at once, a connection for
 * commands, and one for what Redis pushes.
 */
@NullMarked
package io.shield.backend.redis.impl;

import org.jspecify.annotations.NullMarked;
