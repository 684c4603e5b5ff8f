package dev.tenon.kernel.boot;

import dev.tenon.kernel.load.Store;
import dev.tenon.kernel.plan.Desired;
import dev.tenon.kernel.plan.Given;
import dev.tenon.kernel.swap.Modules;
import dev.tenon.kernel.watch.DropFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** What is wanted: the distribution's jars with the drop folder's over them. */
final class Wish implements DropFolder.Listener {
  private final Modules modules;
  private final Distribution distribution;
  private final List<String> needed;
  private final Revival revival;
  private boolean revived;
  private List<Given> overlays = List.of();
  private Set<String> disabled = Set.of();
  private boolean told;

  /**
   * A wish.
   *
   * @param revival of what served last, when it is not among the jars any more
   */
  Wish(Modules modules, Distribution distribution, List<String> needed, Revival revival) {
    this.modules = modules;
    this.distribution = distribution;
    this.needed = List.copyOf(needed);
    this.revival = revival;
  }

  @Override
  public synchronized void lies(List<Given> jars, Set<String> out) {
    overlays = List.copyOf(jars);
    disabled = Set.copyOf(out);
    told = true;
    wish();
  }

  /**
   * Somebody asks for a service: what offers it is wanted from now on.
   *
   * @return done when all of the distribution that offers it serves or has failed
   */
  CompletionStage<Void> asked(String service) {
    synchronized (this) {
      if (distribution.asked(service) && told) {
        wish();
      }
    }
    return modules.settled(distribution.offering(service));
  }

  /** Copies that nobody wants go; not between the taking of one that was asked for and the wish for it. */
  synchronized void tidy(Store store) {
    store.retain(modules.copies());
  }

  private void wish() {
    List<Given> all = new ArrayList<>(distribution.jars());
    all.addAll(overlays);
    if (!revived) {
      revived = true;
      modules.good(revival.beside(all, distribution));
    }
    modules.desired(new Desired(needed, disabled, all));
  }

  @Override
  public void judge() {
    modules.judge();
  }

  @Override
  public void refused(Path file, String reason) {
    modules.refused(file, String.valueOf(file.getFileName()).replaceFirst("\\.jar$", ""), reason);
  }

  @Override
  public void forgiven(Path file) {
    modules.forgive(file);
  }
}
