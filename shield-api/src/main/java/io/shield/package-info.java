/**
 * The engine and what applications use of it: one interface per subject, options, and the verticle
 * that runs it. How it is done is in {@code impl}; storage is in {@code spi}.
 */
@NullMarked
package io.shield;

import org.jspecify.annotations.NullMarked;
