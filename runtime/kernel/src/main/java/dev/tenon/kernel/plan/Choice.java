package dev.tenon.kernel.plan;

import java.lang.module.ModuleDescriptor.Version;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What could run in one place, the best first: the drop folder over the distribution, in each the highest
 * version, of one version what was written last.
 */
final class Choice {
  private static final Comparator<Given> BEST_FIRST =
      Comparator.comparing(Given::overlay)
          .thenComparing(Given::version, Choice::compareVersions)
          .thenComparingLong(Given::stamp)
          .thenComparing(each -> each.file().toString())
          .reversed();

  private final List<Given> choices;
  private final Actual actual;
  private final Set<String> failed;

  /**
   * A choice.
   *
   * @param failed attempts not to be made
   */
  Choice(List<Given> choices, Actual actual, Set<String> failed) {
    this.choices = choices.stream().sorted(BEST_FIRST).toList();
    this.actual = actual;
    this.failed = failed;
  }

  boolean none() {
    return choices.isEmpty();
  }

  /** 1.10 is above 1.9, and 1.0 above 1.0-rc1; what is no version by that is below all that are. */
  private static int compareVersions(String one, String other) {
    Optional<Version> left = version(one);
    Optional<Version> right = version(other);
    if (left.isPresent() && right.isPresent()) {
      return left.get().compareTo(right.get());
    }
    return left.isPresent() || right.isPresent() ? Boolean.compare(left.isPresent(), right.isPresent()) : one.compareTo(other);
  }

  private static Optional<Version> version(String text) {
    try {
      return Optional.of(Version.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * What to start where nothing runs. What was tried in vain gives way to the build that served last,
   * where that is not among the choices any more; what an earlier process died of is tried only when the
   * profile needs it and there is nothing else.
   */
  Optional<Given> first(@Nullable Given good, boolean needed) {
    Optional<Given> fallback = Optional.ofNullable(good).filter(each -> !failed.contains(each.attempt()));
    for (Given choice : choices) {
      if (mayBeTried(choice)) {
        return Optional.of(choice);
      }
      if (fallback.isPresent() && !contains(fallback.get())) {
        return fallback;
      }
    }
    if (needed && choices.stream().noneMatch(this::mayBeTried)) {
      return fallback.or(() -> choices.stream().filter(each -> !failed.contains(each.attempt())).findFirst());
    }
    return Optional.empty();
  }

  /** What to put in the place of what runs; what failed is passed over only for what is better than that. */
  Optional<Given> better(Given running) {
    for (Given choice : choices) {
      if (choice.hash().equals(running.hash())) {
        return Optional.empty();
      }
      if (mayBeTried(choice)) {
        return Optional.of(choice);
      }
      if (!contains(running)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private boolean mayBeTried(Given choice) {
    return !failed.contains(choice.attempt()) && !actual.held().contains(choice.attempt());
  }

  /** A jar that was overwritten has no file any more. */
  private boolean contains(Given jar) {
    return choices.stream().anyMatch(each -> each.hash().equals(jar.hash()));
  }

  /** Jars of the drop folder that are not wanted, because a better one is. */
  List<Step.Pass> passedOver(Given winner) {
    List<Step.Pass> passed = new ArrayList<>();
    Given better = null;
    for (Given choice : choices) {
      if (better == null) {
        better = choice.hash().equals(winner.hash()) ? choice : null;
      } else if (choice.overlay()) {
        passed.add(new Step.Pass(choice, reason(choice, better)));
      }
    }
    return passed;
  }

  private static String reason(Given passed, Given better) {
    if (passed.hash().equals(better.hash())) {
      return "it is the same as " + better.file();
    }
    if (compareVersions(passed.version(), better.version()) == 0) {
      return better.file() + " has the same name and version and was written later; delete one of them, or give one another version";
    }
    return better.file() + " has version " + better.version() + ", which is higher; delete that one, or use 'tenon module swap'";
  }
}
