package dev.tenon.spi.policy;

import java.time.Duration;

/** What a check says of a request. */
public sealed interface Verdict {
  /** Goes on, as far as this adapter is concerned. */
  record Allow(Validity validity) implements Verdict {}

  /**
   * Ends here.
   *
   * @param code says what the caller is told; its HTTP status follows from it
   * @param message one line for the caller; bounded to 1024 characters by the engine
   */
  record Deny(Code code, String message, Validity validity) implements Verdict {}

  /** Allowed, and to be asked again next time. */
  Verdict ALLOW = new Allow(Validity.ONCE);

  /**
   * How long a verdict may be reused for equal attributes.
   *
   * @param time zero: not at all
   * @param uses at most this many times
   */
  record Validity(Duration time, int uses) {
    /** For this one request. */
    public static final Validity ONCE = new Validity(Duration.ZERO, 1);
  }

  /** The codes of {@code google.rpc.Code} that a check can answer, with their HTTP status. */
  enum Code {
    INVALID_ARGUMENT(3, 400),
    DEADLINE_EXCEEDED(4, 504),
    NOT_FOUND(5, 404),
    ALREADY_EXISTS(6, 409),
    PERMISSION_DENIED(7, 403),
    RESOURCE_EXHAUSTED(8, 429),
    FAILED_PRECONDITION(9, 400),
    ABORTED(10, 409),
    OUT_OF_RANGE(11, 400),
    UNIMPLEMENTED(12, 501),
    INTERNAL(13, 500),
    UNAVAILABLE(14, 503),
    UNAUTHENTICATED(16, 401);

    private final int number;
    private final int httpStatus;

    Code(int number, int httpStatus) {
      this.number = number;
      this.httpStatus = httpStatus;
    }

    /** The number in {@code google.rpc.Code}. */
    public int number() {
      return number;
    }

    /** The status of an HTTP answer, as google/rpc/code.proto maps it. */
    public int httpStatus() {
      return httpStatus;
    }
  }
}
