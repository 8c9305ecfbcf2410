package io.shield.cli;

/**
 * What stands behind SLF4J. The class path has one for text, which is there at once, and one for
 * JSON; SLF4J is told which to take before it is asked for the first logger.
 */
final class Logging {
  /** What has to be there for JSON. */
  static final String JSON_ARTIFACTS =
      "ch.qos.logback:logback-classic and net.logstash.logback:logstash-logback-encoder";

  private static final String PROVIDER = "slf4j.provider";
  private static final String LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";
  private static final String VERBOSITY = "slf4j.internal.verbosity";
  private static final String CONFIGURATION = "logback.configurationFile";

  private Logging() {}

  /** Text, unless whoever started this process chose something else. */
  static void useText() {
    String simple = "org.slf4j.simple.SimpleServiceProvider";
    if (System.getProperty(PROVIDER) == null && isThere(simple)) {
      choose(simple);
    }
  }

  /**
   * Nothing, for a command that ends: what went wrong is told by the command itself, once. Whoever
   * looks for more sets the level.
   */
  static void keepSilent() {
    if (System.getProperty(LEVEL) == null) {
      System.setProperty(LEVEL, "off");
    }
  }

  /** JSON; false if what it takes is not there. */
  static boolean useJson() {
    String logback = "ch.qos.logback.classic.spi.LogbackServiceProvider";
    if (!isThere(logback) || !isThere("net.logstash.logback.encoder.LogstashEncoder")) {
      return false;
    }
    choose(logback);
    if (System.getProperty(CONFIGURATION) == null) {
      System.setProperty(CONFIGURATION, "io/shield/cli/log-json.xml");
    }
    return true;
  }

  /** SLF4J would say which one it was told to take. */
  private static void choose(String provider) {
    System.setProperty(PROVIDER, provider);
    if (System.getProperty(VERBOSITY) == null) {
      System.setProperty(VERBOSITY, "WARN");
    }
  }

  private static boolean isThere(String type) {
    return Logging.class.getClassLoader().getResource(type.replace('.', '/') + ".class") != null;
  }
}
