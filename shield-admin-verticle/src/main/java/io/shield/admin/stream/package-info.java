/** Open streams of events, whoever follows them: how many there may be, and how much may wait. */
@NullMarked
package io.shield.admin.stream;

import org.jspecify.annotations.NullMarked;
