/** Documents that people write: the same content as JSON and as YAML. */
@NullMarked
package io.shield.admin.document;

import org.jspecify.annotations.NullMarked;
