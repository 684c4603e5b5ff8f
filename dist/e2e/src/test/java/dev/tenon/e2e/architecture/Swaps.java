package dev.tenon.e2e.architecture;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On a test that replaces modules under load: the artifacts of those that it replaces. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Swaps {
  /** Maven's artifact identifiers, for example {@code tenon-proxy}. */
  String[] value();
}
