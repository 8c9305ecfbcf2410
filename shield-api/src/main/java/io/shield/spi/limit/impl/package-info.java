/** What the storage interfaces use by default. */
@NullMarked
package io.shield.spi.limit.impl;

import org.jspecify.annotations.NullMarked;
