/** Whether anything grows while states, keys, clients and routers come and go. */
@NullMarked
package io.shield.bench.soak;

import org.jspecify.annotations.NullMarked;
