package io.shield.backend.cluster.impl;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.Config;
import com.hazelcast.config.XmlConfigBuilder;
import io.shield.backend.cluster.ClusterPage;
import io.vertx.core.json.JsonObject;
import io.vertx.spi.cluster.zookeeper.ZookeeperClusterManager;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.ClusteringConfiguration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.parsing.ConfigurationBuilderHolder;
import org.infinispan.configuration.parsing.ParserRegistry;
import org.jgroups.JChannel;
import org.jgroups.protocols.TCP;
import org.jgroups.stack.Protocol;
import org.junit.jupiter.api.Test;

/** What is said of a cluster's own configuration: nothing of what the page recommends. */
class RiskWarningsTest {
  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Protocol> protocols(String file) throws Exception {
    try (JChannel channel = new JChannel(file)) {
      return channel.getProtocolStack().getProtocols();
    }
  }

  @Test
  void nothingIsSaidOfTheRecommendedHazelcast() throws Exception {
    Config config = new XmlConfigBuilder(text(ClusterPage.block("Hazelcast"))).build();

    assertThat(HazelcastCluster.warnings(config, "shield.default")).isEmpty();
  }

  @Test
  void everyDefaultOfHazelcastIsSaid() {
    assertThat(HazelcastCluster.warnings(new Config(), "shield.default"))
        .hasSize(4)
        .anySatisfy(said -> assertThat(said).contains("backup-count"))
        .anySatisfy(said -> assertThat(said).contains("split-brain-protection-ref"))
        .anySatisfy(said -> assertThat(said).contains("cluster-name"))
        .anySatisfy(said -> assertThat(said).contains("multicast"));
  }

  @Test
  void protectionThatProtectsNothingIsSaid() throws Exception {
    String page = ClusterPage.block("Hazelcast");
    for (String weaker :
        List.of(
            page.replace("<protect-on>READ_WRITE</protect-on>", "<protect-on>READ</protect-on>"),
            page.replace("protection enabled=\"true\"", "protection enabled=\"false\""))) {
      assertThat(weaker).isNotEqualTo(page);
      Config config = new XmlConfigBuilder(text(weaker)).build();

      assertThat(HazelcastCluster.warnings(config, "shield.default"))
          .as(weaker)
          .singleElement()
          .asString()
          .contains("both sides", "majority");
    }
    Config missing = new XmlConfigBuilder(text(ClusterPage.block("Hazelcast"))).build();
    missing.getMapConfig("shield.*").setSplitBrainProtectionName("other");
    assertThat(HazelcastCluster.warnings(missing, "shield.default"))
        .singleElement()
        .asString()
        .contains("other must exist");
  }

  @Test
  void theDefaultPortOnASharedHostIsSaid() throws Exception {
    String page = ClusterPage.block("Hazelcast").replaceAll("10\\.0\\.0\\.[123]", "127.0.0.1");
    Config config = new XmlConfigBuilder(text(page)).build();
    assertThat(HazelcastCluster.warnings(config, "shield.default"))
        .singleElement()
        .asString()
        .contains("default port");

    config.getNetworkConfig().setPort(5941);
    assertThat(HazelcastCluster.warnings(config, "shield.default")).isEmpty();

    TCP tcp = new TCP();
    tcp.setBindAddress(InetAddress.getLoopbackAddress());
    tcp.setBindPort(7800);
    tcp.tcpNodelay(true);
    ClusteringConfiguration map =
        new ConfigurationBuilder().clustering().cacheMode(CacheMode.REPL_SYNC).build().clustering();
    assertThat(InfinispanCluster.warnings(map, "mine", List.of(tcp)))
        .anySatisfy(said -> assertThat(said).contains("default port"));
  }

  @Test
  void nothingIsSaidOfTheRecommendedInfinispan() throws Exception {
    ConfigurationBuilderHolder parsed = new ParserRegistry().parse(ClusterPage.block("Infinispan"));
    ClusteringConfiguration map =
        parsed
            .getNamedConfigurationBuilders()
            .get("__vertx.distributed.cache.configuration")
            .build()
            .clustering();

    assertThat(
            InfinispanCluster.warnings(
                map,
                parsed.getGlobalConfigurationBuilder().build().transport().clusterName(),
                List.of()))
        .isEmpty();
  }

  @Test
  void everyDefaultOfInfinispanIsSaid() throws Exception {
    ClusteringConfiguration map =
        new ConfigurationBuilder().clustering().cacheMode(CacheMode.DIST_SYNC).build().clustering();

    assertThat(
            InfinispanCluster.warnings(
                map, "ISPN", protocols("default-configs/default-jgroups-tcp.xml")))
        .hasSize(5)
        .anySatisfy(said -> assertThat(said).contains("owners"))
        .anySatisfy(said -> assertThat(said).contains("DENY_READ_WRITES"))
        .anySatisfy(said -> assertThat(said).contains("cluster name"))
        .anySatisfy(said -> assertThat(said).contains("multicast"))
        .anySatisfy(said -> assertThat(said).contains("tcp_nodelay"));
  }

  @Test
  void theRecommendedZookeeperIsTaken() throws Exception {
    JsonObject config = new JsonObject(ClusterPage.block("ZooKeeper"));

    assertThat(new ZookeeperClusterManager(config).getConfig()).isEqualTo(config);
  }
}
