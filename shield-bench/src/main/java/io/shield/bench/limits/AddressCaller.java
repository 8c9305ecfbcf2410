package io.shield.bench.limits;

/** A caller of whom nothing but the address is known. */
public record AddressCaller(String address) implements Stranger {}
