package io.shield.admin.impl;

import io.shield.admin.Account;
import io.shield.admin.AdminOptions;
import io.shield.admin.Role;
import io.shield.error.ShieldException;
import io.shield.internal.value.LogText;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.AuthenticationProvider;
import io.vertx.ext.auth.authentication.UsernamePasswordCredentials;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks user names and passwords. Thread-safe. */
final class SignIn {
  private static final Logger LOG = LoggerFactory.getLogger(SignIn.class);

  /** The fingerprint of whoever a provider knows: changed credentials cannot be noticed. */
  private static final String OF_PROVIDER = "provider";

  private static final int PROVIDER_SECONDS = 10;
  private static final Future<String> NO_HASH = Future.succeededFuture("");

  /**
   * Somebody who gave the right password.
   *
   * @param name the account
   * @param role what it may do
   * @param credential the fingerprint of the credentials
   */
  record SignedIn(String name, Role role, String credential) {}

  /**
   * An account; its credentials are their fingerprints, its hash is a future when the password was
   * given in plain text.
   */
  private record Known(Role role, List<String> credentials, Future<String> hash) {}

  private static final int PROVIDER_AT_ONCE = 16;

  private final Vertx vertx;
  private final SignInQueue queue;
  private final Throttle throttle;
  private final Map<String, Known> known = new HashMap<>();

  /** The hash that is tried for users whom nobody knows; what comes of it is not looked at. */
  private final Future<String> dummy;

  private final @Nullable AuthenticationProvider provider;
  private final @Nullable Function<User, @Nullable Role> roleOf;

  SignIn(Vertx vertx, AdminOptions options, Tokens tokens, InstantSource clock) {
    this.vertx = vertx;
    // A hash takes a whole processor; a provider may wait for somebody else.
    this.queue =
        new SignInQueue(options.getAuthenticationProvider() == null ? 1 : PROVIDER_AT_ONCE);
    vertx.executeBlocking(PasswordHashes::warm);
    this.throttle = new Throttle(clock);
    this.provider = options.getAuthenticationProvider();
    this.roleOf = options.getRoleOf();
    for (Account account : options.getAccounts()) {
      List<String> credentials =
          tokens.fingerprints(join(account.username(), account.role(), account.passwordHash()));
      known.put(
          account.username(),
          new Known(account.role(), credentials, Future.succeededFuture(account.passwordHash())));
    }
    for (AdminOptions.PlainUser user : options.getUsers()) {
      List<String> credentials =
          tokens.fingerprints(join(user.username(), user.role(), user.password()));
      Future<String> hash = hashed(vertx, user.password());
      known.put(user.username(), new Known(user.role(), credentials, hash));
    }
    this.dummy =
        costliest(options.getAccounts())
            .map(Future::succeededFuture)
            .orElseGet(() -> known.values().stream().map(Known::hash).findFirst().orElse(NO_HASH));
  }

  /** What an unknown user costs: as much as the costliest account. */
  static Optional<String> costliest(List<Account> accounts) {
    return accounts.stream()
        .map(Account::passwordHash)
        .max(Comparator.comparingInt(PasswordHashes::rounds));
  }

  private static String join(String username, Role role, String secret) {
    return "account\n" + username + '\n' + role.wireName() + '\n' + secret;
  }

  /** One after the other, beside the queue, which is for requests. */
  private static Future<String> hashed(Vertx vertx, String password) {
    return vertx.executeBlocking(() -> Account.hash(password));
  }

  /**
   * Checks a password. An unknown user takes as long as a wrong password.
   *
   * @return fails as refused when they do not match, when there were too many failures, or when too
   *     many wait
   */
  Future<SignedIn> check(String username, String password, String address) {
    Throttle.Attempt attempt = throttle.begin(username, address);
    return matches(attempt, username, password)
        .onFailure(e -> throttle.notJudged(attempt))
        .map(
            signedIn -> {
              if (signedIn == null) {
                throttle.failed(attempt);
                LOG.warn("A sign-in as {} failed", LogText.of(username));
                throw new RefusedException(401, "INVALID_CREDENTIALS", "Invalid credentials");
              }
              throttle.succeeded(attempt);
              return signedIn;
            });
  }

  private Future<@Nullable SignedIn> matches(
      Throttle.Attempt attempt, String username, String password) {
    AuthenticationProvider ask = provider;
    if (ask != null) {
      return queue.run(attempt, () -> asked(ask, username, password));
    }
    Known account = known.get(username);
    Future<String> hash = account == null ? dummy : account.hash;
    return hash.compose(text -> queue.run(attempt, () -> verified(text, password)))
        .map(
            right ->
                right && account != null
                    ? new SignedIn(username, account.role, account.credentials.get(0))
                    : null);
  }

  private Future<Boolean> verified(String hash, String password) {
    return vertx.executeBlocking(() -> PasswordHashes.verify(hash, password), false);
  }

  private Future<@Nullable SignedIn> asked(
      AuthenticationProvider ask, String username, String password) {
    return Future.<User>future(
            asked ->
                ask.authenticate(new UsernamePasswordCredentials(username, password))
                    .onComplete(asked))
        .timeout(PROVIDER_SECONDS, TimeUnit.SECONDS)
        .map(user -> signedIn(username, user))
        .recover(
            failure ->
                failure instanceof TimeoutException
                    ? Future.failedFuture(
                        new ShieldException(
                            "what knows the users did not answer within "
                                + PROVIDER_SECONDS
                                + " seconds"))
                    : Future.succeededFuture());
  }

  private @Nullable SignedIn signedIn(String username, User user) {
    Role role = Objects.requireNonNull(roleOf, "roleOf").apply(user);
    return role == null ? null : new SignedIn(username, role, OF_PROVIDER);
  }

  /** Whether the credentials that led to a token still stand. */
  boolean stands(Principal token) {
    return stands(token.name(), token.credential());
  }

  /**
   * Whether an account is there with these credentials.
   *
   * @param credential their fingerprint
   */
  boolean stands(String username, @Nullable String credential) {
    if (provider != null) {
      return OF_PROVIDER.equals(credential);
    }
    Known account = known.get(username);
    return account != null && credential != null && account.credentials.contains(credential);
  }
}
