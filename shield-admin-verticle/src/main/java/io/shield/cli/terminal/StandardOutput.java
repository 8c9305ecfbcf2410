package io.shield.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** Standard output, which remembers why it could not be written: a writer only tells that. */
public final class StandardOutput extends OutputStream {
  private final OutputStream out;
  private final PrintWriter writer =
      new PrintWriter(new OutputStreamWriter(this, Charset.defaultCharset()));
  private @Nullable IOException failure;

  /**
   * Writes to a stream.
   *
   * @param out where what is written arrives, unbuffered
   */
  public StandardOutput(OutputStream out) {
    this.out = out;
  }

  /** That of this process. */
  public static StandardOutput ofProcess() {
    return new StandardOutput(new FileOutputStream(FileDescriptor.out));
  }

  /** What writes to it, in the encoding of the locale. */
  public PrintWriter writer() {
    return writer;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /**
   * Writes out what is still in the writer. Fails if something was not written, a full disk for
   * instance. Whoever reads it may stop, as {@code head} does: that is no failure.
   */
  public void finish() {
    writer.flush();
    if (failure != null && !"Broken pipe".equals(failure.getMessage())) {
      throw CommandFailure.failed(
          "cannot write to standard output: " + failure.getMessage(),
          "if something was to be changed, it has been");
    }
  }
}
