package io.shield.admin.dashboard.view;

/**
 * A status as it is shown: by word, shape and colour.
 *
 * @param wireName the name in JSON and in addresses
 * @param label the word
 */
public record Status(String wireName, String label) {}
