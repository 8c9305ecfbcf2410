package io.shield.cli.complete;

/**
 * Something that can be typed.
 *
 * @param value the whole word
 * @param description what it means, in a few words; may be empty
 */
public record Candidate(String value, String description) {}
