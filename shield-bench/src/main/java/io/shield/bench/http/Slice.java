package io.shield.bench.http;

/**
 * What was measured of a server in one go.
 *
 * @param perSecond requests a second with many under way
 * @param perUsedSecond requests for a second of the server's processor time, meanwhile
 * @param p50 the time that half of all requests at a steady pace do not exceed, in milliseconds
 * @param p99 the time that 99 % of them do not exceed
 */
record Slice(double perSecond, double perUsedSecond, double p50, double p99) {}
