package io.shield.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ChildTest {
  /** Repeats its arguments and a line; fails with a thread that goes on when it is told to. */
  public static final class Told {
    private Told() {}

    /** Obeys. */
    public static void main(String[] arguments) throws IOException {
      System.out.println(String.join(" ", arguments));
      if (System.in.read() == 'f') {
        new Thread(Told::goOn).start();
        throw new IllegalStateException("as it was told");
      }
      System.out.println("obeyed");
    }

    private static void goOn() {
      try {
        TimeUnit.MINUTES.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void isGivenItsArgumentsAndALine() throws IOException {
    try (Child child = new Child(Told.class, List.of(), "one", "two")) {
      assertThat(child.hear()).isEqualTo("one two");
      child.tell("");
      assertThat(child.hear()).isEqualTo("obeyed");
    }
  }

  /** Whatever threads it has. */
  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void endsWhenItFails() throws IOException {
    try (Child child = new Child(Told.class, List.of())) {
      child.hear();
      child.tell("f");
      assertThatThrownBy(child::hear).isInstanceOf(IOException.class).hasMessage("Told ended");
    }
  }
}
