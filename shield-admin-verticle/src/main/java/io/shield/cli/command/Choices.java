package io.shield.cli.command;

import io.shield.admin.Role;
import io.shield.model.KeyStrategy;
import io.shield.model.OnMissingKey;
import io.shield.model.OnStoreFailure;
import io.shield.model.RateLimitAlgorithm;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Values that options and arguments take, for completion; who answers checks them. */
final class Choices {
  private Choices() {}

  /** Values that are known beforehand. */
  abstract static class Fixed implements Iterable<String> {
    private final List<String> values;

    Fixed(List<String> values) {
      this.values = values;
    }

    @Override
    public final Iterator<String> iterator() {
      return values.iterator();
    }
  }

  /** Of {@code -o}. */
  static final class Formats extends Fixed {
    Formats() {
      super(List.of("table", "json", "yaml", "name", "columns="));
    }
  }

  /** Of {@code --backend}. */
  static final class Backends extends Fixed {
    Backends() {
      super(List.of("file", "redis"));
    }
  }

  /** Of {@code --algorithm}. */
  static final class Algorithms extends Fixed {
    Algorithms() {
      super(Arrays.stream(RateLimitAlgorithm.values()).map(RateLimitAlgorithm::wireName).toList());
    }
  }

  /** Of {@code --key}. */
  static final class KeyStrategies extends Fixed {
    KeyStrategies() {
      super(Arrays.stream(KeyStrategy.values()).map(KeyStrategy::wireName).toList());
    }
  }

  /** Of {@code --on-missing-key}. */
  static final class OnMissingKeys extends Fixed {
    OnMissingKeys() {
      super(Arrays.stream(OnMissingKey.values()).map(OnMissingKey::wireName).toList());
    }
  }

  /** Of {@code --on-store-failure}. */
  static final class OnStoreFailures extends Fixed {
    OnStoreFailures() {
      super(Arrays.stream(OnStoreFailure.values()).map(OnStoreFailure::wireName).toList());
    }
  }

  /** Of {@code --role}. */
  static final class Roles extends Fixed {
    Roles() {
      super(Arrays.stream(Role.values()).map(Role::wireName).toList());
    }
  }

  /** Of the method of a request. */
  static final class Methods extends Fixed {
    Methods() {
      super(List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"));
    }
  }
}
