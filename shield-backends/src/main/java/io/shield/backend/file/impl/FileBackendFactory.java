package io.shield.backend.file.impl;

import io.shield.backend.file.FileBackend;
import io.shield.backend.file.FileBackendOptions;
import io.shield.error.InvalidValueException;
import io.shield.spi.BackendSettings;
import io.shield.spi.ShieldBackend;
import io.shield.spi.ShieldBackendFactory;

/** Makes the file backend from {@code SHIELD_FILE_PATH} and {@code SHIELD_AUDIT_LIMIT}. */
public final class FileBackendFactory implements ShieldBackendFactory {
  private static final String PATH = "SHIELD_FILE_PATH";
  private static final String AUDIT_LIMIT = "SHIELD_AUDIT_LIMIT";

  @Override
  public String name() {
    return "file";
  }

  @Override
  public ShieldBackend create(BackendSettings settings) {
    FileBackendOptions options = new FileBackendOptions();
    String path = settings.setting(PATH);
    if (path != null) {
      try {
        options.setPath(path);
      } catch (InvalidValueException e) {
        throw new InvalidValueException(PATH, path, "the path of a file");
      }
    }
    String limit = settings.setting(AUDIT_LIMIT);
    if (limit != null) {
      options.setAuditLimit(auditLimit(limit));
    }
    return FileBackend.create(options, settings.clock());
  }

  private static int auditLimit(String text) {
    try {
      int limit = Integer.parseInt(text.strip());
      if (limit >= 1 && limit <= FileBackendOptions.MAX_AUDIT_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException notANumber) {
      // Refused below, like a number out of range.
    }
    throw new InvalidValueException(
        AUDIT_LIMIT, text, "a whole number between 1 and " + FileBackendOptions.MAX_AUDIT_LIMIT);
  }
}
