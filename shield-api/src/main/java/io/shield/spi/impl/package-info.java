/** What the storage interfaces use by default. */
@NullMarked
package io.shield.spi.impl;

import org.jspecify.annotations.NullMarked;
