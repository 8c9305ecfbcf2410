/**
 * Pages for people, beside the admin API and below its prefix.
 *
 * <p>What may enter: how state is shown and how forms become calls. What is changed goes through
 * the endpoints of the API, by {@link io.shield.admin.dashboard.AdminAccess}: the dashboard decides
 * nothing.
 */
@NullMarked
package io.shield.admin.dashboard;

import org.jspecify.annotations.NullMarked;
