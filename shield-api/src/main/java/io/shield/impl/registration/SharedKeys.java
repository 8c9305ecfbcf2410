package io.shield.impl.registration;

import io.shield.ShieldChange;
import io.shield.impl.replica.Replica.Observer;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Snapshot;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when the code of several services declares one key in a store: they then share its state.
 */
public final class SharedKeys implements Observer {
  private static final Logger LOG = LoggerFactory.getLogger(SharedKeys.class);
  private static final int SHOWN = 3;

  private final InstantSource clock;
  private final Consumer<@Nullable String> warning;

  /**
   * The documents with keys that do not bear their service, without which nothing is shared. On a
   * Shield Server, where thousands of services may register, there are none.
   */
  private final Set<String> common = new HashSet<>();

  private @Nullable String told;

  /**
   * @param warning takes what is to be shown from now on, null for nothing
   */
  public SharedKeys(InstantSource clock, Consumer<@Nullable String> warning) {
    this.clock = clock;
    this.warning = warning;
  }

  @Override
  public void inForce(ShieldChange change, @Nullable Commit commit) {
    boolean declared = false;
    for (DocumentKey key : change.changed()) {
      if (key.kind() == DocumentKind.DOCUMENT && DeclarationDays.isOfService(key.key())) {
        declared = true;
        note(key.key(), change.after());
      }
    }
    if (!declared || (common.isEmpty() && told == null)) {
      return;
    }
    String text = text(DeclarationDays.shared(change.after(), clock.instant()));
    if (text != null && !text.equals(told)) {
      LOG.warn("{}", text);
    }
    told = text;
    warning.accept(text);
  }

  private void note(String document, Snapshot snapshot) {
    if (DeclarationDays.namesOthersToo(document, snapshot)) {
      common.add(document);
    } else {
      common.remove(document);
    }
  }

  private static @Nullable String text(SortedMap<String, SortedSet<String>> shared) {
    if (shared.isEmpty()) {
      return null;
    }
    List<String> first = shared.entrySet().stream().limit(SHOWN).map(SharedKeys::text).toList();
    int more = shared.size() - first.size();
    return String.join(", ", first)
        + (more > 0 ? " and " + more + " more" : "")
        + ": these services share the state of such a route; give each a store of its own (a file,"
        + " a key prefix), or a Shield Server to both";
  }

  private static String text(Map.Entry<String, SortedSet<String>> shared) {
    return shared.getKey() + " is declared by " + String.join(" and ", shared.getValue());
  }
}
