/**
 * The cluster backend at work: a log of commits that every member can read and append to, what each
 * member makes of it, and messages that say where to look.
 */
@NullMarked
package io.shield.backend.cluster.impl;

import org.jspecify.annotations.NullMarked;
