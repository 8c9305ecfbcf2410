/**
 * What a store holds and how it changes: documents with versions, snapshots, changes and commits.
 * Values only.
 */
@NullMarked
package io.shield.model.store;

import org.jspecify.annotations.NullMarked;
