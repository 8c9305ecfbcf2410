package io.shield.admin.dashboard.view;

/**
 * Which part of a list is shown.
 *
 * @param from the first entry's number, from 1; 0 if there is none
 * @param to the last entry's number
 * @param total how many there are
 * @param previous the address of the part before, or empty
 * @param next the address of the part after, or empty
 */
public record Pager(int from, int to, int total, String previous, String next) {}
