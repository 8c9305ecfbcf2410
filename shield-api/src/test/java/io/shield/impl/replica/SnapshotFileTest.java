package io.shield.impl.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.ShieldException;
import io.shield.fixtures.RandomModel;
import io.shield.fixtures.Seeds;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept on disk is what was known, or nothing: never a store that seems to be empty. */
class SnapshotFileTest {
  @TempDir Path directory;
  private SnapshotFile file;
  private Snapshot known = Snapshot.empty(new Head("epoch", 1, "c1"));

  @BeforeEach
  void write() throws IOException {
    RandomModel model = new RandomModel(Seeds.random("SnapshotFileTest"));
    while (known.states().isEmpty()) {
      Change change = model.change(known);
      known = known.apply(Commit.following(known.head(), model.id(), change));
    }
    file = SnapshotFile.of(directory, "engine", "store");
    file.write(known);
  }

  @Test
  void isReadAsItWasWritten() throws IOException {
    assertThat(file.read()).isEqualTo(known);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"documents\":\\[.*    | \"documents\":{}}",
        "\"documents\":\\[.*    | \"documents\":null}",
        "\"documents\"          | \"docs\"",
        "\"documents\":\\[      | \"documents\":[null,",
        "\"kind\":\"state\"     | \"kind\":\"flag\"",
        "\"version\":\\d+       | \"version\":null",
        "\"version\":\\d+       | \"version\":\"1\"",
        "\"head\"               | \"was\"",
        "\"format\":1           | \"format\":2",
        "^.                     | ``"
      })
  void whatWasDamagedIsNotUsed(String part, String other) throws IOException {
    String text = Files.readString(file.path());
    String damaged = text.replaceFirst(part, other);
    assertThat(damaged).isNotEqualTo(text);
    Files.writeString(file.path(), damaged);
    assertThatThrownBy(file::read).isInstanceOf(ShieldException.class);
  }
}
