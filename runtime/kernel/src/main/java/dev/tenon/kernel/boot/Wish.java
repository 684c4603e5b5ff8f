package dev.tenon.kernel.boot;

import dev.tenon.kernel.plan.Desired;
import dev.tenon.kernel.plan.Given;
import dev.tenon.kernel.swap.Modules;
import dev.tenon.kernel.watch.DropFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What is wanted: the distribution's jars with the drop folder's over them. */
final class Wish implements DropFolder.Listener {
  private final Modules modules;
  private final List<Given> distribution;
  private final List<String> needed;
  private final Revival revival;
  private boolean revived;

  /**
   * A wish.
   *
   * @param revival of what served last, when it is not among the jars any more
   */
  Wish(Modules modules, List<Given> distribution, List<String> needed, Revival revival) {
    this.modules = modules;
    this.distribution = List.copyOf(distribution);
    this.needed = List.copyOf(needed);
    this.revival = revival;
  }

  @Override
  public void lies(List<Given> jars, Set<String> disabled) {
    List<Given> all = new ArrayList<>(distribution);
    all.addAll(jars);
    if (!revived) {
      revived = true;
      modules.good(revival.beside(all));
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
