/**
 * Makes a full backend of the six methods of {@link io.shield.simple.SimpleBackend}: atomic
 * changes, versions, request ids and crash safety on a store that can only read and write one state
 * at a time.
 *
 * <h2>What lies in the store</h2>
 *
 * <p>Everything is a state. A route's state lies under its route key. What is not a route lies in
 * states under reserved keys, with JSON in {@code reason}:
 *
 * <ul>
 *   <li>{@code __shield:global__}, {@code __shield:svc_global:{service}__}, {@code
 *       __shield:global_rl__}, {@code __shield:svc_rl:{service}__}: the maintenance and the rate
 *       limit of the fleet and of a service, as the original keeps them.
 *   <li>{@code __shield:policy:{METHOD:/path}__}, {@code __shield:document:{name}__}: a route's
 *       rate limit and an opaque document, as {@code {"kind", "key", "value"}}. A long key is cut
 *       in the state's name and completed by its SHA-256; the whole key is in the JSON.
 *   <li>{@code __shield:head__}: {@code {"head", "requests"}}: where the store is, and the request
 *       ids of the last commits.
 *   <li>{@code __shield:requests:{revision}__}: fifty earlier request ids, until they are 15
 *       minutes old.
 *   <li>{@code __shield:journal__}: the change that is being written.
 * </ul>
 *
 * <p>A document's version is the field {@code version} of its state.
 *
 * <h2>How a change is written</h2>
 *
 * <p>One process writes; it queues its commits and takes these steps, each one call of the store:
 *
 * <ol>
 *   <li>the journal: the whole commit, and what its documents were before;
 *   <li>the edits, one state each;
 *   <li>the audit entries;
 *   <li>the head, with the request id: from here on the change is visible;
 *   <li>the journal is removed.
 * </ol>
 *
 * <p>Once the journal is there the change will happen: whatever fails later, the next call, or the
 * next startup, takes steps 2 to 5 again before anything else, and skips audit entries that are
 * there. Before that nothing has happened. So a change is whole or absent, and the same request id
 * commits once. A commit whose steps failed after the first is answered as unknown, not as refused.
 *
 * <h2>What others see</h2>
 *
 * <p>While the journal is newer than the head, a reader puts the documents it names back to what
 * they were: the snapshot of the old head, whole. A reader looks at journal and head before and
 * after it lists the states and repeats if they moved, so the listing itself need not be atomic.
 * Audit entries appear shortly before the head that they belong to.
 *
 * <h2>What others wrote</h2>
 *
 * <p>A state whose version is 0, or above the head's revision, was not written by this protocol: by
 * the original, which drops fields it does not know, or by hand. The writing process adopts it when
 * it loads, in a commit of its own with audit entries by {@code system} ("external edit"); states
 * that were there before the first head are adopted without. Reserved states of other names are
 * left alone.
 *
 * <p>What may enter: the adapter and nothing else; stores themselves live elsewhere.
 */
@NullMarked
package io.shield.simple;

import org.jspecify.annotations.NullMarked;
