package io.shield.backend.file.impl;

import io.shield.error.ShieldException;
import java.nio.file.Path;

/** A write failed after the point where it could be called off. */
final class UnknownOutcomeException extends ShieldException {
  private static final long serialVersionUID = 1L;

  UnknownOutcomeException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem + "; whether the change is on the disk is not known", cause);
  }
}
