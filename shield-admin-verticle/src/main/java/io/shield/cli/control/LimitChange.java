package io.shield.cli.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What becomes of a rate limit.
 *
 * @param fields the fields that were given
 * @param replace whether other fields get their defaults, instead of staying what they are
 * @param dryRun whether it is only told
 */
public record LimitChange(ObjectNode fields, boolean replace, boolean dryRun) {}
