package io.shield.web;

/** How clients are told about rate limits. {@code Retry-After} of a refusal is sent in any case. */
public enum RateLimitHeaders {
  /**
   * {@code X-RateLimit-Limit}, {@code -Remaining} and {@code -Reset} (epoch seconds), of the limit
   * with the least remaining.
   */
  LEGACY,
  /** {@code RateLimit-Policy} and {@code RateLimit} of the IETF draft, of all limits. */
  DRAFT,
  /** Both. */
  BOTH,
  /** None. */
  OFF;

  /** Whether the {@code X-RateLimit-*} headers are sent. */
  public boolean legacy() {
    return this == LEGACY || this == BOTH;
  }

  /** Whether the headers of the IETF draft are sent. */
  public boolean draft() {
    return this == DRAFT || this == BOTH;
  }
}
