/** What several backends are made of. */
@NullMarked
package io.shield.backend.impl;

import org.jspecify.annotations.NullMarked;
