package dev.tenon.kernel.checkpoint;

/** Ends a plug's code where it is. Thrown again at each further checkpoint until that code is left. */
public final class Stopped extends Error {
  private static final long serialVersionUID = 1;

  Stopped() {
    super("ended by the kernel: it held a thread for too long", null, false, false);
  }
}
