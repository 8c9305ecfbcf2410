package io.shield.spi;

import io.shield.model.ShieldException;

/** A {@link SimpleBackend} keeps no state under the key. */
public final class NoSuchRouteException extends ShieldException {
  private static final long serialVersionUID = 1L;

  public NoSuchRouteException(String key) {
    super("no state is stored under '" + key + "'");
  }
}
