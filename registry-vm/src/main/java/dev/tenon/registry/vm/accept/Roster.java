package dev.tenon.registry.vm.accept;

import java.util.List;

/** Who is registered now. Thread-safe. */
public interface Roster {
  /** Everybody, by name. */
  List<Presence> present();
}
