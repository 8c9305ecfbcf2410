package io.shield.admin.stream;

/**
 * Who asks for a stream.
 *
 * @param token the id of the token it was asked for with
 * @param account whose token it is; an account may have many
 */
public record Follower(String token, String account) {}
