package dev.tenon.mixer.dispatch;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which adapters are asked far away: those that say that they share, unless an operator says otherwise.
 *
 * @param far null when there is nobody to ask: then all run here
 * @param shared the adapters that are asked there, whatever they say
 * @param here the adapters that run here, whatever they say
 */
public record Placement(@Nullable Far far, Set<String> shared, Set<String> here) {
  /** Everything here. */
  public static final Placement HERE = new Placement(null, Set.of(), Set.of());

  public Placement {
    shared = Set.copyOf(shared);
    here = Set.copyOf(here);
  }

  @Nullable Far of(Plug plug) {
    boolean asked = shared.contains(plug.name()) || (plug.shared() && !here.contains(plug.name()));
    return asked ? far : null;
  }
}
