package dev.tenon.kernel.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/** Makes steps. */
public final class Plan {
  /** The drop folder over the distribution; in the drop folder what was given last. */
  private static final Comparator<Given> BEST_FIRST =
      Comparator.comparing(Given::overlay).thenComparingLong(Given::stamp).thenComparing(each -> each.file().toString()).reversed();

  private Plan() {}

  /** At most one step for each module; those that the profile names first, in its order. */
  public static List<Step> plan(Actual actual, Desired desired) {
    SequencedSet<String> names = new LinkedHashSet<>(desired.needed());
    desired.jars().stream().filter(each -> each.overlay() || each.plain()).map(Given::module).sorted().forEach(names::add);
    actual.running().keySet().stream().sorted().forEach(names::add);
    List<Step> steps = new ArrayList<>();
    for (String name : names) {
      step(name, actual, desired).ifPresent(steps::add);
    }
    return List.copyOf(steps);
  }

  private static Optional<Step> step(String name, Actual actual, Desired desired) {
    List<Given> choices = choices(name, desired);
    Given running = actual.running().get(name);
    if (running == null) {
      return choices.stream().filter(each -> !actual.failed().contains(each.attempt())).findFirst().map(Step.Install::new);
    }
    if (choices.isEmpty()) {
      return Optional.of(desired.needed().contains(name) ? new Step.Keep(running) : new Step.Remove(running));
    }
    return better(choices, running, actual).map(to -> new Step.Replace(running, to));
  }

  /** The best choice; what failed is passed over only for what is better than what runs. */
  private static Optional<Given> better(List<Given> choices, Given running, Actual actual) {
    for (Given choice : choices) {
      if (choice.hash().equals(running.hash())) {
        return Optional.empty();
      }
      if (!actual.failed().contains(choice.attempt())) {
        return Optional.of(choice);
      }
      if (!stillThere(running, choices)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** A jar that was overwritten by one that failed has no file any more; its generation runs on. */
  private static boolean stillThere(Given running, List<Given> choices) {
    return choices.stream().anyMatch(each -> each.hash().equals(running.hash()));
  }

  private static List<Given> choices(String name, Desired desired) {
    return desired.jars().stream().filter(each -> each.module().equals(name)).sorted(BEST_FIRST).toList();
  }

}
