package dev.tenon.registry.vm.accept;

/**
 * Where streams report. For one holder the calls come in order: open, beats, then leave or broke. None
 * of them blocks.
 */
public interface Desk {
  /** A stream has begun. */
  void open(Holder holder);

  /** A beat came in. */
  void beat(Holder holder, Claim claim);

  /** The client closed its side in good order: its lease ends. */
  void leave(Holder holder);

  /** The stream is gone; its lease stays until it expires. */
  void broke(Holder holder);
}
