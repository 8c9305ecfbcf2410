package io.shield.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.error.InvalidValueException;
import io.shield.fixtures.RandomModel;
import io.shield.fixtures.Seeds;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommitJsonTest {
  private static JsonNode sent(JsonNode node) {
    return ShieldJson.parse("sent", ShieldJson.text(node));
  }

  @Test
  void whateverIsCommittedIsTheSameAfterItWasReadAgain() {
    RandomModel model = new RandomModel(Seeds.random("CommitJsonTest"));
    Snapshot snapshot = Snapshot.empty(new Head("epoch", 1, "c1"));
    for (int i = 0; i < 300; i++) {
      Change change = model.change(snapshot);
      Commit commit = Commit.following(snapshot.head(), model.id(), change);
      snapshot = snapshot.apply(commit);

      assertThat(CommitJson.readChange(sent(CommitJson.write(change)))).isEqualTo(change);
      assertThat(CommitJson.readCommit(sent(CommitJson.write(commit)))).isEqualTo(commit);
    }
  }

  @Test
  void aChangeHasThisForm() {
    DocumentKey key = DocumentKey.document("d");
    Change change =
        new Change(
            "id",
            List.of(
                new Edit(key, 0, new OpaqueDocument("x")),
                new Edit(DocumentKey.globalMaintenance(), 7, null)),
            List.of());

    assertThat(ShieldJson.text(CommitJson.write(change)))
        .isEqualTo(
            """
            {"request_id":"id","edits":[\
            {"kind":"document","key":"d","expected_version":0,"value":"x"},\
            {"kind":"maintenance","key":"__shield:global__","expected_version":7,"value":null}],\
            "audit":[]}""");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                                          | request_id",
        "{'request_id':'i'}                                          | edits",
        "{'request_id':'i','edits':[{}]}                             | kind",
        "{'request_id':'i','edits':[{'kind':'x','key':'k'}]}         | kind",
        "{'request_id':'i','edits':[{'kind':'state'}]}               | key",
        "{'request_id':'i','edits':[{'kind':'state','key':'/a'}]}    | expected_version",
        "{'request_id':'i','edits':[{'kind':'state','key':'/a','value':{'path':'/b'}}]} | value",
        "{'request_id':'i','edits':7}                                | edits",
        "[]                                                          | change",
      })
  void anErrorNamesTheField(String json, String field) {
    JsonNode node = ShieldJson.parse("json", json.replace('\'', '"'));

    assertThatThrownBy(() -> CommitJson.readChange(node))
        .isInstanceOfSatisfying(
            InvalidValueException.class, e -> assertThat(e.field()).isEqualTo(field));
  }
}
