/** What runs of whole systems share: their processes, their figures and what those have to be. */
@NullMarked
package io.shield.bench.run;

import org.jspecify.annotations.NullMarked;
