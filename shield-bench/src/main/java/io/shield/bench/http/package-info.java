/**
 * What requests over loopback pay for Shield, and for what else stands before handlers. Each server
 * is a process of its own, and so is the client, which loads one server after the other.
 */
@NullMarked
package io.shield.bench.http;

import org.jspecify.annotations.NullMarked;
