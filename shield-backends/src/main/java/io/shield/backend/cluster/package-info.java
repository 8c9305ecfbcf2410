/**
 * A store kept by the members of a clustered Vert.x themselves. Needs the artifact of the cluster
 * manager, {@code io.vertx:vertx-hazelcast}, {@code io.vertx:vertx-infinispan} or {@code
 * io.vertx:vertx-zookeeper}.
 */
@NullMarked
package io.shield.backend.cluster;

import org.jspecify.annotations.NullMarked;
