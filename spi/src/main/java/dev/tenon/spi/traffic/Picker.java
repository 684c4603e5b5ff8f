package dev.tenon.spi.traffic;

/** Chooses endpoints on one event loop, whose thread alone calls it: it needs no lock. */
@FunctionalInterface
public interface Picker {
  /** No host suits: the caller is answered 503. */
  int NONE = -1;

  /**
   * The host for a request (or, where a protocol has no requests, for a connection). Only computes, and
   * returns within microseconds.
   *
   * @return a place in {@link HostSet#hosts}, or {@link #NONE}
   */
  int pick(PickRequest request);
}
