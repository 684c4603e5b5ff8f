package dev.tenon.mixer.check;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** The types of Mixer's {@code istio.policy.v1beta1.ValueType}. Nothing converts by itself. */
public enum ValueType {
  STRING(String.class),
  INT64(Long.class),
  DOUBLE(Double.class),
  BOOL(Boolean.class),
  TIMESTAMP(Instant.class),
  DURATION(Duration.class),
  IP_ADDRESS(InetAddress.class),
  EMAIL_ADDRESS(String.class),
  URI(String.class),
  DNS_NAME(String.class),
  STRING_MAP(Map.class);

  private final Class<?> held;

  ValueType(Class<?> held) {
    this.held = held;
  }

  /** The class of the values. */
  public Class<?> held() {
    return held;
  }

  /** Whether {@code ==} and {@code !=} compare it. */
  boolean comparable() {
    return this != DURATION && this != STRING_MAP;
  }

  /** Whether {@code <} and its like compare it. */
  boolean ordered() {
    return this == STRING || this == INT64 || this == DOUBLE || this == TIMESTAMP;
  }

  /** Whether {@code +} adds it. */
  boolean additive() {
    return this == STRING || this == INT64 || this == DOUBLE;
  }
}
