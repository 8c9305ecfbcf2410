package io.shield.simple;

import io.shield.error.ShieldException;

/** A {@link SimpleBackend} keeps no state under the key. */
public final class NoSuchRouteException extends ShieldException {
  private static final long serialVersionUID = 1L;

  public NoSuchRouteException(String key) {
    super("no state is stored under '" + key + "'");
  }
}
