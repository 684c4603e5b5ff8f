package dev.tenon.kernel.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;

/**
 * Makes steps. Jars contend for places: a module has one, or one for each version where versions run side
 * by side. What cannot run because of what it needs is refused, and the next best is chosen.
 */
public final class Plan {
  private final Actual actual;
  private final Desired desired;
  private final SequencedMap<String, List<Given>> places = new LinkedHashMap<>();

  private Plan(Actual actual, Desired desired) {
    this.actual = actual;
    this.desired = desired;
    desired.needed().forEach(module -> {
      desired.jars().stream().filter(each -> each.module().equals(module)).forEach(this::contend);
      places.computeIfAbsent(module, ignored -> new ArrayList<>());
    });
    desired.jars().stream()
        .filter(each -> (each.overlay() || each.plain()) && !desired.needs(each.module()) && !desired.disabled().contains(each.module()))
        .sorted(java.util.Comparator.comparing(Given::place))
        .forEach(this::contend);
    actual.running().keySet().stream().sorted().forEach(each -> places.computeIfAbsent(each, ignored -> new ArrayList<>()));
  }

  private void contend(Given jar) {
    places.computeIfAbsent(jar.place(), ignored -> new ArrayList<>()).add(jar);
  }

  /**
   * At most one step that acts for each place; those that the profile names first, in its order, and each
   * after what it needs. Then what is refused, and what is passed over.
   */
  public static List<Step> plan(Actual actual, Desired desired) {
    return new Plan(actual, desired).steps();
  }

  private List<Step> steps() {
    SequencedMap<Given, String> refused = new LinkedHashMap<>();
    Set<String> failed = new HashSet<>(actual.failed());
    while (true) {
      Map<String, Step> steps = choose(failed);
      keepWhatOthersNeed(steps);
      SequencedMap<Given, String> found = refusals(steps);
      if (found.isEmpty()) {
        List<Step> all = new ArrayList<>(Needs.inOrder(List.copyOf(steps.values())));
        refused.forEach((jar, reason) -> all.add(new Step.Refuse(jar, reason)));
        all.addAll(passedOver(steps, failed));
        return List.copyOf(all);
      }
      refused.putAll(found);
      found.keySet().forEach(each -> failed.add(each.attempt()));
    }
  }

  private Map<String, Step> choose(Set<String> failed) {
    Map<String, Step> steps = new LinkedHashMap<>();
    places.forEach((place, jars) -> {
      Choice choice = new Choice(jars, actual, failed);
      Given running = actual.running().get(place);
      if (running == null) {
        Given good = actual.good().get(place);
        choice.first(good == null || actual.mustGo(good) ? null : good, desired.needs(place)).ifPresent(jar -> steps.put(place, new Step.Install(jar)));
      } else if (actual.mustGo(running)) {
        steps.put(place, choice.first(null, desired.needs(place)).<Step>map(jar -> new Step.Replace(running, jar)).orElse(new Step.Remove(running)));
      } else if (choice.none()) {
        steps.put(place, without(running));
      } else {
        choice.better(running).ifPresent(jar -> steps.put(place, new Step.Replace(running, jar)));
      }
    });
    desired.disabled().stream().filter(desired::needs).filter(each -> !steps.containsKey(each)).forEach(each -> {
      Given running = actual.running().get(each);
      if (running != null) {
        steps.put(each, new Step.Keep(running, each + ".disabled asks for its removal, but the profile needs it; it can only be replaced"));
      }
    });
    return steps;
  }

  private Step without(Given running) {
    return desired.needs(running.module())
        ? new Step.Keep(running, "its jar is gone, the profile needs it, and there is no other; give another jar to replace it")
        : new Step.Remove(running);
  }

  /** What would run if all steps were done. */
  private Map<String, Given> after(Map<String, Step> steps) {
    Map<String, Given> after = new LinkedHashMap<>(actual.running());
    steps.forEach((place, step) -> {
      switch (step) {
        case Step.Install install -> after.put(place, install.jar());
        case Step.Replace replace -> after.put(place, replace.jar());
        case Step.Remove ignored -> after.remove(place);
        case Step.Keep ignored -> {}
        case Step.Refuse ignored -> {}
        case Step.Pass ignored -> {}
      }
    });
    return after;
  }

  private void keepWhatOthersNeed(Map<String, Step> steps) {
    boolean changed = true;
    while (changed) {
      changed = false;
      Map<String, Given> after = after(steps);
      Needs needs = new Needs(after.values());
      for (Map.Entry<String, Step> each : steps.entrySet()) {
        String module = each.getValue().module();
        boolean there = after.values().stream().anyMatch(jar -> jar.module().equals(module));
        if (each.getValue() instanceof Step.Remove(Given jar) && !there && !actual.mustGo(jar) && !needs.of(module).isEmpty()) {
          each.setValue(new Step.Keep(jar, String.join(" and ", needs.of(module)) + " needs it; remove that first"));
          changed = true;
        }
      }
    }
  }

  private SequencedMap<Given, String> refusals(Map<String, Step> steps) {
    Needs needs = new Needs(after(steps).values());
    SequencedMap<Given, String> refused = new LinkedHashMap<>();
    steps.values().stream().filter(each -> each instanceof Step.Install || each instanceof Step.Replace)
        .forEach(each -> needs.refusal(each.jar()).ifPresent(reason -> refused.put(each.jar(), reason)));
    return refused;
  }

  private List<Step> passedOver(Map<String, Step> steps, Set<String> failed) {
    SequencedSet<Step> passed = new LinkedHashSet<>();
    after(steps).forEach((place, winner) ->
        passed.addAll(new Choice(places.getOrDefault(place, List.of()), actual, failed).passedOver(winner)));
    return List.copyOf(passed);
  }
}
