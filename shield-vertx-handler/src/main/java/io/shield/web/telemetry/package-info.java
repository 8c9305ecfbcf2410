/** Who is told of decisions: counters, the log, and the spans of a trace. */
@NullMarked
package io.shield.web.telemetry;

import org.jspecify.annotations.NullMarked;
