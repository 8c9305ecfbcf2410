package io.shield.error;

/** There is no such rate-limit policy. */
public final class UnknownPolicyException extends ShieldException {
  private static final long serialVersionUID = 1L;

  private final String policy;

  /**
   * @param policy the key of the policy, or the reserved path of the fleet's or a service's
   */
  public UnknownPolicyException(String policy) {
    super("there is no rate-limit policy '" + policy + "'");
    this.policy = policy;
  }

  /** The key nobody knows. */
  public String policy() {
    return policy;
  }
}
