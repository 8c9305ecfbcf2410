package io.shield.cli.command;

import io.shield.admin.Account;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Surroundings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hash-password}: what a file of accounts has in place of a password. */
@Command
public final class HashPasswordCommand implements Callable<Integer> {
  @Mixin private final PasswordOption password;

  @Spec private CommandSpec spec;

  public HashPasswordCommand(Surroundings here) {
    password = new PasswordOption(here);
  }

  @Override
  public Integer call() {
    String given = password.given();
    if (given == null) {
      given = password.asked("Password: ");
      if (!given.equals(password.asked("Again: "))) {
        throw CommandFailure.usage("the two are not the same", "");
      }
    }
    String hash = Account.hash(given);
    spec.commandLine().getOut().println(hash);
    return ExitCodes.OK;
  }
}
