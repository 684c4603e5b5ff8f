package dev.tenon.kernel.swap;

import dev.tenon.kernel.plan.Given;
import dev.tenon.kernel.plan.Step;
import dev.tenon.spi.guard.Usage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Why jars do not run: those that failed, those that cannot be read, those that a plan leaves out. Guarded by {@link Modules}. */
final class Troubles {
  static final String HELD = "the process died while this was tried, so it is not tried again by itself; "
      + "write the file anew, or use 'tenon module swap'";

  private final Map<String, Modules.Failure> failures = new LinkedHashMap<>();
  private final Map<Path, Status> refused = new LinkedHashMap<>();
  private final Set<String> told = new HashSet<>();

  void failed(Modules.Failure failure) {
    failures.put(failure.jar().attempt(), failure);
  }

  /** A file cannot be used at all. */
  void refused(Path file, String name, String reason) {
    refused.put(file, new Status(name, "", "", "failed", 0, file.toString(), System.currentTimeMillis(), reason, "", Usage.NONE));
  }

  /** It changed or is gone. */
  void forgive(Path file) {
    refused.remove(file);
  }

  /** Forgets what was written anew since, or is gone. */
  void retain(Set<String> attempts) {
    failures.keySet().retainAll(attempts);
    told.removeIf(each -> attempts.stream().noneMatch(each::startsWith));
  }

  /** Attempts that are not to be made again. */
  Set<String> attempts() {
    return failures.keySet();
  }

  /** Whether something is said of a jar for the first time. */
  boolean tell(Given jar, String what) {
    return told.add(jar.attempt() + " " + what);
  }

  List<Modules.Failure> of(String module) {
    return failures.values().stream().filter(each -> each.jar().module().equals(module)).toList();
  }

  /** Why a file with a content does not run, if that was found out since a moment. */
  Optional<String> reason(Path file, String hash, long sinceMillis) {
    Status bad = refused.get(file);
    if (bad != null && bad.sinceMillis() >= sinceMillis) {
      return Optional.of(bad.reason());
    }
    return failures.values().stream()
        .filter(each -> each.jar().file().equals(file) && each.jar().hash().equals(hash) && each.atMillis() >= sinceMillis)
        .map(Modules.Failure::reason).findFirst();
  }

  /** One line each, for the list of modules. */
  List<Status> status(List<Step> plan, List<Given> held) {
    List<Status> all = new ArrayList<>();
    failures.values().forEach(each -> all.add(of(each.jar(), "failed", each.atMillis(), each.reason())));
    all.addAll(refused.values());
    for (Step step : plan) {
      switch (step) {
        case Step.Refuse(Given jar, String reason) -> all.add(of(jar, "failed", 0, reason));
        case Step.Pass(Given jar, String reason) -> all.add(of(jar, "unused", 0, reason));
        default -> {}
      }
    }
    held.forEach(each -> all.add(of(each, "failed", 0, HELD)));
    return all;
  }

  private static Status of(Given jar, String state, long sinceMillis, String reason) {
    return new Status(jar.module(), jar.version(), jar.build(), state, 0, jar.file().toString(), sinceMillis, reason, jar.signed().by(),
        Usage.NONE);
  }
}
