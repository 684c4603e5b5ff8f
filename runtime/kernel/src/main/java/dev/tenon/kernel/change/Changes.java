package dev.tenon.kernel.change;

import dev.tenon.kernel.keep.Build;
import dev.tenon.kernel.keep.Journal;
import dev.tenon.kernel.keep.Ledger;
import dev.tenon.kernel.load.Refused;
import dev.tenon.kernel.load.Store;
import dev.tenon.kernel.plan.Desired;
import dev.tenon.kernel.plan.Given;
import dev.tenon.kernel.plan.Step;
import dev.tenon.kernel.swap.Modules;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What commands do to modules: they write to the drop folder, which is where everything that is wanted
 * stands, and answer when it is so. One change at a time; thread-safe.
 */
public final class Changes {
  private static final Duration TURN = Duration.ofSeconds(60);
  private static final Duration GRACE = Duration.ofSeconds(10);

  /**
   * What a change came to.
   *
   * @param build what runs now; empty when nothing of that name does
   * @param text one line
   */
  public record Done(String module, String build, String text) {}

  private final Path plugins;
  private final Store store;
  private final Modules modules;
  private final Ledger ledger;
  private final Journal journal;
  private final Limits limits;
  private final ReentrantLock turn = new ReentrantLock(true);

  /**
   * Bounds of a change.
   *
   * @param largest jar, in bytes
   * @param swap until a jar is active, from its being seen
   * @param removal until a module is gone
   */
  public record Limits(long largest, Duration swap, Duration removal) {}

  public Changes(Path plugins, Store store, Modules modules, Ledger ledger, Journal journal, Limits limits) {
    this.plugins = plugins;
    this.store = store;
    this.modules = modules;
    this.ledger = ledger;
    this.journal = journal;
    this.limits = limits;
  }

  /**
   * Tidies up what a process left that died in the middle of a change. To be called before the drop folder
   * is looked at.
   */
  public static void recover(Path plugins, Ledger ledger) throws IOException {
    Exchange.recover(plugins, ledger);
  }

  /**
   * Begins to take a jar in. Close it in any case.
   *
   * @param name the file's name without a folder
   * @param size in bytes
   * @throws Refused when that cannot be
   */
  public Upload upload(String name, long size) throws IOException, Refused {
    return Upload.begin(plugins, name, size, limits.largest());
  }

  /** Whether a jar may come in, beyond what the drop folder asks of every jar. */
  public interface Condition {
    /**
     * Judges it where it lies now: nobody writes to it who could not write to the drop folder.
     *
     * @param digest its SHA-256 in hexadecimal digits
     */
    void check(Path file, String digest) throws IOException, Refused;
  }

  /**
   * Installs a jar that was taken in, or a newer version of what runs.
   *
   * @param swap replace what runs of that name, whatever the versions
   * @param who asks, for the history
   * @throws Refused when it is not active in the end; the drop folder is then as it was
   */
  public Done install(Upload upload, boolean swap, Condition condition, String who) throws IOException, Refused, InterruptedException {
    Path file = upload.complete();
    return inTurn(() -> {
      Given jar = candidate(store.take(file, true, 0));
      condition.check(file, jar.signed().digest());
      List<Path> others = swap ? others(jar) : List.of();
      if (swap && modules.running().values().stream().noneMatch(each -> each.module().equals(jar.module()))) {
        throw new Refused("nothing called " + jar.module() + " runs that could be swapped; use 'tenon module install'");
      }
      if (isRunning(jar) && !modules.desired().disabled().contains(jar.module())) {
        return new Done(jar.module(), jar.build(), jar.module() + " " + jar.build() + " runs already");
      }
      checkPlan(jar, others);
      journal.note(jar, "asked", (swap ? "swap by " : "install by ") + who);
      return exchange(jar, Optional.of(file), others);
    });
  }

  /** As it will be found in the drop folder, after everything that is there. */
  private Given candidate(Given taken) {
    return new Given(taken.facts(), plugins.resolve(String.valueOf(taken.file().getFileName())), taken.original(), taken.copy(), true,
        Long.MAX_VALUE, taken.signed());
  }

  private boolean isRunning(Given jar) {
    return modules.running().values().stream().anyMatch(each -> each.place().equals(jar.place()) && each.hash().equals(jar.hash()));
  }

  /** Other jars of the drop folder that contend for its place. */
  private List<Path> others(Given jar) {
    return modules.desired().jars().stream()
        .filter(each -> each.overlay() && each.place().equals(jar.place()) && !each.file().equals(jar.file()))
        .map(Given::file).toList();
  }

  private void checkPlan(Given jar, List<Path> without) throws Refused {
    Desired present = modules.desired();
    List<Given> jars = new ArrayList<>();
    for (Given each : present.jars()) {
      if (each.file().equals(jar.file()) && !each.module().equals(jar.module())) {
        throw new Refused(jar.file() + " is there already and holds " + each.module() + "; give the jar another name");
      }
      if (each.overlay() && !each.file().equals(jar.file()) && !without.contains(each.file())) {
        jars.add(each);
      }
    }
    jars.add(jar);
    Set<String> disabled = new HashSet<>(present.disabled());
    disabled.remove(jar.module());
    for (Step step : modules.plan(jars, disabled)) {
      if (step.jar().attempt().equals(jar.attempt())) {
        switch (step) {
          case Step.Refuse(Given ignored, String reason) -> throw new Refused(reason);
          case Step.Pass(Given ignored, String reason) -> throw new Refused("it would not be used: " + reason);
          default -> {
            return;
          }
        }
      }
    }
  }

  /**
   * Makes a jar the only one in its place.
   *
   * @param from where it lies now; empty when it is the distribution's own
   */
  private Done exchange(Given jar, Optional<Path> from, List<Path> others) throws IOException, Refused, InterruptedException {
    long begin = System.currentTimeMillis();
    Exchange exchange = new Exchange(plugins);
    boolean good = false;
    try {
      exchange.out(disabling(jar.module()));
      if (from.isPresent()) {
        exchange.in(from.get(), jar.file());
      }
      for (Path each : others) {
        exchange.out(each);
      }
      Optional<String> trouble = modules.await(jar, begin, limits.swap());
      if (trouble.isPresent()) {
        throw new Refused(jar.module() + " " + jar.build() + " does not run: " + trouble.get() + ". The drop folder is as it was before");
      }
      good = true;
    } finally {
      if (good) {
        exchange.keep();
      } else {
        exchange.undo();
      }
    }
    return new Done(jar.module(), jar.build(), jar.module() + " " + jar.build() + (from.isPresent() ? "" : " of the distribution") + " is active");
  }

  private Path disabling(String module) {
    return plugins.resolve(module + ".disabled");
  }

  /**
   * Removes a module: its jars in the drop folder are deleted, and where the distribution has one too, a
   * file says that it is not wanted.
   *
   * @throws Refused when there is none, or it cannot be done without
   */
  public Done remove(String module, String who) throws IOException, Refused, InterruptedException {
    return inTurn(() -> {
      Desired present = modules.desired();
      List<Given> jars = present.jars().stream().filter(each -> each.module().equals(module)).toList();
      if (jars.isEmpty() || present.disabled().contains(module)) {
        throw new Refused("there is no module " + module + "; see 'tenon module list'");
      }
      if (present.needed().contains(module)) {
        throw new Refused("the profile needs " + module + ": it can be replaced, not removed");
      }
      Set<String> disabled = new HashSet<>(present.disabled());
      disabled.add(module);
      for (Step step : modules.plan(present.jars().stream().filter(Given::overlay).toList(), disabled)) {
        if (step instanceof Step.Keep(Given jar, String reason) && jar.module().equals(module)) {
          throw new Refused(module + " stays: " + reason);
        }
      }
      journal.note(module, "asked", "remove by " + who);
      if (jars.stream().anyMatch(each -> !each.overlay())) {
        disable(module);
      }
      for (Given each : jars) {
        if (each.overlay()) {
          Files.deleteIfExists(each.file());
        }
      }
      if (!modules.awaitGone(module, limits.removal())) {
        throw new Refused(module + " is not gone after " + limits.removal().toSeconds() + " s; see 'tenon module history " + module + "'");
      }
      return new Done(module, "", module + " is removed");
    });
  }

  private void disable(String module) throws IOException {
    try {
      Files.createFile(disabling(module));
    } catch (FileAlreadyExistsException e) {
      return;
    }
  }

  /**
   * Puts back a build that served before.
   *
   * @param build one of those kept; empty for the latest that is not what runs
   * @throws Refused when there is none, or it does not run
   */
  public Done rollback(String module, String build, String who) throws IOException, Refused, InterruptedException {
    return inTurn(() -> {
      Build target = kept(module, build);
      journal.note(module, "asked", "rollback to " + target.build() + " by " + who);
      Optional<Given> shipped = modules.desired().jars().stream()
          .filter(each -> !each.overlay() && each.place().equals(target.place()) && each.hash().equals(target.hash())).findFirst();
      if (shipped.isPresent()) {
        return exchange(shipped.get(), Optional.empty(), others(shipped.get()));
      }
      try (Upload copy = Upload.of(plugins, target.jar())) {
        Path file = copy.complete();
        Given jar = candidate(store.take(file, true, 0));
        List<Path> others = others(jar);
        checkPlan(jar, others);
        return exchange(jar, Optional.of(file), others);
      }
    });
  }

  private Build kept(String module, String build) throws Refused {
    List<Build> kept = ledger.builds(module);
    Set<String> running = new HashSet<>();
    modules.running().values().stream().filter(each -> each.module().equals(module)).forEach(each -> running.add(each.hash()));
    if (!build.isEmpty()) {
      return kept.stream().filter(each -> each.build().equals(build)).findFirst()
          .orElseThrow(() -> new Refused("no build " + build + " of " + module + " is kept; see 'tenon module show " + module + "'"));
    }
    return kept.stream().filter(each -> !running.contains(each.hash())).findFirst()
        .orElseThrow(() -> new Refused("no other build of " + module + " that served is kept"));
  }

  /** What is done in turn. */
  private interface Change {
    Done run() throws IOException, Refused, InterruptedException;
  }

  private Done inTurn(Change change) throws IOException, Refused, InterruptedException {
    if (turn.getQueueLength() >= 4 || !turn.tryLock(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new Refused("another change is under way; try again when 'tenon module history' shows that it is over");
    }
    try {
      return change.run();
    } finally {
      turn.unlock();
    }
  }

  /** How long a change may take at most, its turn included: for callers who wait. */
  public Duration longest() {
    return TURN.plus(limits.swap()).plus(GRACE);
  }
}
