/**
 * How a change fans out from a Shield Server to the services that follow it, and what they cost it,
 * beside a bare Vert.x server that writes the same bytes. Servers and clients are processes of
 * their own.
 */
@org.jspecify.annotations.NullMarked
package io.shield.bench.fanout;
