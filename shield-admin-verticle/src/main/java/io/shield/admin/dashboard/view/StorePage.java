package io.shield.admin.dashboard.view;

/**
 * The store as this node sees it.
 *
 * @param condition {@code ready} or what else it is
 * @param text the same in a sentence
 * @param problem what is wrong, or empty
 * @param warning what an operator should know, or empty
 * @param epoch its lineage
 * @param revision its last commit as this node knows it
 * @param age how long ago it answered, in seconds
 * @param mayDecide whether the person may decide about it
 * @param undecided whether there is anything to decide
 */
public record StorePage(
    String condition,
    String text,
    String problem,
    String warning,
    String epoch,
    long revision,
    long age,
    boolean mayDecide,
    boolean undecided) {}
