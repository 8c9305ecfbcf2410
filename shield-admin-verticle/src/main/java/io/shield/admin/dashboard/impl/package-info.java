/** How the dashboard works inside: pages, dialogs, and the stream that keeps them true. */
@NullMarked
package io.shield.admin.dashboard.impl;

import org.jspecify.annotations.NullMarked;
