package io.shield.backend.cluster.impl.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.cluster.ClusterManager;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two members of a cluster whose manager says what the test wants, on one event bus. */
class CountingMembersTest {
  private final Vertx vertx = Vertx.vertx();
  private final ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
  private final Set<String> seenByOne = new CopyOnWriteArraySet<>(List.of("one", "two"));
  private final Set<String> seenByTwo = Set.of("one", "two");

  @AfterEach
  void close() throws Exception {
    vertx.close().await(60, TimeUnit.SECONDS);
  }

  private CountingMembers open(String node, Set<String> seen) throws Exception {
    ClusterManager manager =
        (ClusterManager)
            Proxy.newProxyInstance(
                ClusterManager.class.getClassLoader(),
                new Class<?>[] {ClusterManager.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "getNodeId" -> node;
                      case "getNodes" -> List.copyOf(seen);
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    return context
        .<CountingMembers>future(
            done ->
                context.runOnContext(
                    v -> {
                      CountingMembers made =
                          new CountingMembers(context, manager, "limits", met -> {});
                      made.open().map(made).onComplete(done);
                    }))
        .await(60, TimeUnit.SECONDS);
  }

  private static void awaitMembers(CountingMembers members, int count) {
    await().untilAsserted(() -> assertThat(members.all()).hasSize(count));
  }

  /**
   * As when a cluster was split, or a greeting was lost. Else each goes on by itself for good, and
   * nobody is told that the limit is twice as high.
   */
  @Test
  void aMemberThatForgotAnotherMeetsItAgain() throws Exception {
    CountingMembers one = open("one", seenByOne);
    CountingMembers two = open("two", seenByTwo);
    awaitMembers(one, 2);
    awaitMembers(two, 2);

    seenByOne.remove("two");
    awaitMembers(one, 1);
    seenByOne.add("two");
    awaitMembers(one, 2);
    assertThat(one.owner("ip:192.0.2.1").node()).isEqualTo(two.owner("ip:192.0.2.1").node());
  }
}
