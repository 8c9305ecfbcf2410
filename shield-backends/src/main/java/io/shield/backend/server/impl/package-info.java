/** The inner parts of the server backend. */
@NullMarked
package io.shield.backend.server.impl;

import org.jspecify.annotations.NullMarked;
