package io.shield.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.admin.AdminOptions;
import io.shield.admin.RunningAdmin;
import io.shield.admin.SelfSigned;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose certificate nobody signed whom Java knows. */
class CaFileTest {
  @TempDir Path home;

  @Test
  void isTrustedByAFile() throws Exception {
    SelfSigned certificate = SelfSigned.in(home);
    AdminOptions options =
        RunningAdmin.accounts()
            .setTlsPem(certificate.pem().toString(), certificate.key().toString());
    try (RunningAdmin admin = new RunningAdmin(options)) {
      String url = admin.url("").replace("http://", "https://");
      Shell shell = new Shell(home).set("SHIELD_SERVER_URL", url);
      shell.typing(RunningAdmin.PASSWORD + "\n");
      String login = "login admin --password-stdin";
      assertThat(shell.sh(login)).isEqualTo(6);
      assertThat(shell.err()).contains("no trusted connection", "--ca-file or SHIELD_CA_FILE");
      assertThat(shell.sh("status --server-url " + admin.url(""))).isEqualTo(6);
      assertThat(shell.err()).contains("If it speaks TLS its address begins with https://");
      assertThat(shell.sh(login + " --ca-file " + certificate.pem())).as(shell.err()).isZero();
      String numbers = url.replace("localhost", "127.0.0.1");
      assertThat(shell.sh("status --ca-file " + certificate.pem() + " --server-url " + numbers))
          .isEqualTo(6);
      assertThat(shell.err()).contains("the certificate is for other names", "--server-url");
      shell.set("SHIELD_CA_FILE", certificate.pem().toString());
      assertThat(shell.sh("status")).as(shell.err()).isZero();
      shell.set("SHIELD_CA_FILE", "none.pem");
      String kept = "config set-url " + url + " --context prod --ca-file ";
      assertThat(shell.sh(kept + "none.pem")).isEqualTo(2);
      assertThat(shell.sh(kept + certificate.pem())).as(shell.err()).isZero();
      assertThat(shell.sh("status --context prod")).as(shell.err()).isEqualTo(4);
      assertThat(shell.sh(login + " --context prod")).as(shell.err()).isZero();
      assertThat(shell.sh("status --context prod")).as(shell.err()).isZero();
      assertThat(shell.sh("status --context default")).isEqualTo(2);
      assertThat(shell.sh("status --ca-file none.pem")).isEqualTo(2);
      assertThat(shell.err()).contains("--ca-file: ", "none.pem", "there is no such file");
      Path text = Files.writeString(home.resolve("text.pem"), "hello");
      assertThat(shell.sh("status --ca-file " + text)).isEqualTo(2);
      assertThat(shell.err()).contains("text.pem", "must be a PEM file");
    }
  }
}
