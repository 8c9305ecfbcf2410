/**
 * How the engine works. All of its state is owned by one Vert.x context: classes here are confined
 * to it unless they say otherwise. Never exported.
 */
@NullMarked
package io.shield.impl;

import org.jspecify.annotations.NullMarked;
