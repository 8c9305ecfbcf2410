/**
 * What a store must offer, and what Shield's own stores are written against. A backend keeps
 * documents and an audit log, accepts changes by compare-and-set, and feeds commits to listeners;
 * it decides nothing about requests.
 */
@NullMarked
package io.shield.spi;

import org.jspecify.annotations.NullMarked;
