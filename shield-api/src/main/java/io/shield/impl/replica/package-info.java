/**
 * This node's copy of the store: how it is read, followed, believed, kept on disk, and told. It
 * knows nothing of changes, of what the code declares, or of how a snapshot is enforced.
 */
@NullMarked
package io.shield.impl.replica;

import org.jspecify.annotations.NullMarked;
