/** How the admin API works inside; nobody else's business. */
@NullMarked
package io.shield.admin.impl;

import org.jspecify.annotations.NullMarked;
