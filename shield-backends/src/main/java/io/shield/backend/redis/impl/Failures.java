package io.shield.backend.redis.impl;

import io.shield.error.OutcomeUnknownException;
import io.shield.error.ShieldException;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.StoreUnreachableException;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * What a failure means: Redis cannot be reached now, or it answered and trying again is in vain.
 */
final class Failures {
  /** Answers of a server that is there but does not serve now, and what a lost connection gives. */
  private static final List<String> PASSING =
      List.of(
          "CONNECTION_CLOSED",
          "LOADING",
          "MASTERDOWN",
          "CLUSTERDOWN",
          "TRYAGAIN",
          "BUSY",
          "READONLY",
          "MOVED",
          "ASK ");

  /** Answers to the first write of a script, or to a connection: nothing was written. */
  private static final List<String> REFUSING =
      List.of(
          "OOM ",
          "MISCONF ",
          "NOREPLICAS ",
          "NOPERM ",
          "NOAUTH ",
          "WRONGPASS ",
          "ACL failure",
          "The user executing the script can't");

  /** Answers of a server that serves nobody now, or not these keys: nothing was written. */
  private static final List<String> AWAY =
      List.of("READONLY ", "MASTERDOWN ", "LOADING ", "CLUSTERDOWN ", "MOVED ", "ASK ", "BUSY ");

  /**
   * How a server says where in a script an error arose: before it until Redis 6, behind it from 7
   * on, without the script's name in Valkey 9.
   */
  private static final Pattern IN_SCRIPT =
      Pattern.compile(
          "^ERR Error running script \\(call to \\w+\\): (@user_script: ?\\d+: )*-?"
              + "| script: (\\w+, )?on @user_script:\\d+\\.?$");

  /** Answers after which another server may be the one to ask. */
  private static final List<String> MOVED =
      List.of(
          "READONLY ",
          "MOVED ",
          "ASK ",
          "CLUSTERDOWN ",
          "MASTERDOWN ",
          "NOREPLICAS ",
          "NOAUTH ",
          "OOM ");

  /** Answers of a node of a cluster that has not these keys, or not all of them now. */
  private static final List<String> ELSEWHERE =
      List.of("MOVED ", "ASK ", "TRYAGAIN ", "access a non local key");

  private Failures() {}

  /** Whether another server is to be asked. */
  static boolean isMoved(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return isAnswer(cause) && MOVED.stream().anyMatch(message::contains);
  }

  /** Whether a node of a cluster answers that another has the keys. */
  static boolean isElsewhere(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return isAnswer(cause) && ELSEWHERE.stream().anyMatch(message::contains);
  }

  /** The failure of a connection or a command. */
  static ShieldException of(String address, Throwable cause) {
    if (cause instanceof ShieldException known) {
      return known;
    }
    String message = withoutScript(String.valueOf(cause.getMessage()));
    if (cause instanceof TimeoutException) {
      return new StoreUnreachableException("Redis at " + address + " does not answer", cause);
    }
    if (isDoubtful(cause)) {
      return new ShieldException(
          "Redis at "
              + address
              + " has a certificate that is not trusted (caFile names those that are): "
              + message,
          cause);
    }
    if (!isAnswer(cause) || PASSING.stream().anyMatch(message::contains)) {
      return new StoreUnreachableException("Redis at " + address + ": " + message, cause);
    }
    return new ShieldException("Redis at " + address + " answered: " + message, cause);
  }

  /** The failure of a connection that was to be opened for a command. */
  static ShieldException unsent(String address, Throwable cause) {
    ShieldException failure = of(address, cause);
    return failure instanceof StoreUnreachableException
        ? new StoreUnreachableException(String.valueOf(failure.getMessage()), cause, true)
        : failure;
  }

  /** A server that was taken for one that is alone. */
  static String clusterNode(String address) {
    return "Redis at "
        + address
        + " is a node of a Redis Cluster: set the topology to cluster, and a hash tag"
        + " (SHIELD_REDIS_TOPOLOGY, SHIELD_REDIS_HASH_TAG)";
  }

  /** Redis did only a part of a commit, whatever it says about the rest. */
  static OutcomeUnknownException half(String address, String answer) {
    return new OutcomeUnknownException(
        "Redis at " + address + " made a part of the change only: " + withoutScript(answer), null);
  }

  /** What Redis says, without the place in the script, which tells people nothing. */
  private static String withoutScript(String message) {
    return IN_SCRIPT.matcher(message).replaceAll("");
  }

  /** The failure of a commit: an answer that promises that nothing was written says so. */
  static ShieldException ofCommit(ShieldException failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof OutcomeUnknownException) {
      return failure;
    }
    if (failure instanceof StoreUnreachableException unreachable) {
      return isRefusal(failure) && !unreachable.isUnsent()
          ? new StoreUnreachableException(message, failure, true)
          : failure;
    }
    return isRefusal(failure) ? new ChangeRefusedException(message, failure) : failure;
  }

  /** Whether a server that answers takes no changes. */
  static boolean isRefusal(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    List<String> kinds = failure instanceof StoreUnreachableException ? AWAY : REFUSING;
    return kinds.stream().anyMatch(message::contains);
  }

  private static boolean isDoubtful(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof GeneralSecurityException) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAnswer(Throwable cause) {
    return cause instanceof Response response && response.type() == ResponseType.ERROR;
  }
}
