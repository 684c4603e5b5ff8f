package dev.tenon.pilot.serve;

import io.grpc.Status;

/** A stream cannot go on because of what its client sent. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Status status;

  Refusal(Status status) {
    super(status.getDescription(), null, false, false);
    this.status = status;
  }

  Status status() {
    return status;
  }
}
