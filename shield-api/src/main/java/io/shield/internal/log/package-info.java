/** What is told to the log of requests and changes. */
@NullMarked
package io.shield.internal.log;

import org.jspecify.annotations.NullMarked;
