package dev.tenon.registry.vm.keep;

import dev.tenon.registry.vm.lease.Change;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;

/** Where leases are kept. */
public interface Shelf {
  /** Such as {@code on disk}. */
  String place();

  /**
   * Carries changes out, at most one for each key. One that fails does not hinder the others.
   *
   * @return what could not be carried out, each with its reason
   */
  Map<Change, IOException> write(Collection<Change> changes);
}
