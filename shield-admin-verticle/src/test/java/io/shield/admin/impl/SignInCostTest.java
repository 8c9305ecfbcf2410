package io.shield.admin.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.admin.Account;
import io.shield.admin.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long a sign-in takes must not tell whether a user is known. */
class SignInCostTest {
  private static Account account(String name, int rounds) {
    String hash = "$pbkdf2$it=" + rounds + "$" + "A".repeat(22) + "$" + "B".repeat(86);
    return new Account(name, hash, Role.VIEWER);
  }

  @Test
  void anUnknownUserCostsAsMuchAsTheCostliest() {
    Account costly = account("bob", 1_000_000);
    assertThat(SignIn.costliest(List.of(account("alice", 999_999), costly, account("x", 210_000))))
        .contains(costly.passwordHash());
    assertThat(SignIn.costliest(List.of())).isEmpty();
  }
}
