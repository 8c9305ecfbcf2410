/**
 * The JSON forms of the model: one place that writes them and reads them back, with errors that
 * name the field. Shapes only; nothing here decides what a value means.
 */
@NullMarked
package io.shield.json;

import org.jspecify.annotations.NullMarked;
