package io.shield.backend.redis.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.redis.client.impl.types.ErrorType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people read of an answer is the same whatever server gave it. */
class FailuresTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "OOM command not allowed.",
        "ERR Error running script (call to f_0): @user_script:9: @user_script: 9: -OOM command not"
            + " allowed.",
        "OOM command not allowed. script: a1b2c3, on @user_script:9.",
        "OOM command not allowed. script: on @user_script:9."
      })
  void thePlaceInTheScriptIsLeftOut(String answer) {
    assertThat(Failures.of("here", ErrorType.create(answer)))
        .hasMessage("Redis at here answered: OOM command not allowed.");
  }
}
