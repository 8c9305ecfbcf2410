package io.shield.testing;

import io.shield.Bypass;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The engine of {@link ShieldExtension} does not enforce while a test runs, or each test of a
 * class: for tests of what a route does and not of who gets to it.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
public @interface WithoutShield {
  /** What is not enforced; everything unless said otherwise. */
  Bypass.Kind[] value() default {Bypass.Kind.LIFECYCLE, Bypass.Kind.RATE_LIMITS};
}
