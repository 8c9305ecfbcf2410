/** What requests pay to be counted by several processes together. */
@NullMarked
package io.shield.bench.shared;

import org.jspecify.annotations.NullMarked;
