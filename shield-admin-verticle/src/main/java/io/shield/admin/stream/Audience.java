package io.shield.admin.stream;

/** Whom streams are for, and what these may take up. */
public enum Audience {
  /** Browsers, and people's tools. */
  PEOPLE(500, 100, 24, 64 * 1024),
  /** Services, of which there may be thousands of processes. */
  SERVICES(20_000, 20_000, 5_000, 1024 * 1024);

  final int most;

  /** Whoever signs in again and again leaves room for others; services may all be of one. */
  final int mostPerAccount;

  final int mostPerToken;

  /** A client that is further behind is sent away: it comes again, and reads what is true then. */
  final int mostWaitingBytes;

  Audience(int most, int mostPerAccount, int mostPerToken, int mostWaitingBytes) {
    this.most = most;
    this.mostPerAccount = mostPerAccount;
    this.mostPerToken = mostPerToken;
    this.mostWaitingBytes = mostWaitingBytes;
  }
}
