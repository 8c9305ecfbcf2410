/**
 * What the templates show: records, and the templates' own classes, which are made from {@code
 * src/main/jte}.
 *
 * <p>What may enter: values that are ready to be shown. Nothing here looks anything up.
 */
@NullMarked
package io.shield.admin.dashboard.view;

import org.jspecify.annotations.NullMarked;
