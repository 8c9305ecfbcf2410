/** The description of the admin API, and of an application's routes, as OpenAPI documents. */
@NullMarked
package io.shield.admin.openapi;

import org.jspecify.annotations.NullMarked;
