package dev.tenon.pilot.serve;

import dev.tenon.pilot.translate.Packing;
import dev.tenon.pilot.translate.Resource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One type on one stream: what its client wants, what it has been sent, and what it said to that.
 * Whatever has been sent counts as known, refused or not: so a refused version is sent once. Guarded
 * by its conversation.
 */
final class Watch {
  /** In place of a version: the client has been told that there is no such resource. */
  private static final String ABSENT = "-";

  private final Set<String> names = new TreeSet<>();
  private final Map<String, String> known = new HashMap<>();
  private final Map<String, Resource> bodies = new TreeMap<>();
  private final Set<String> again = new HashSet<>();
  private final Refused refused = new Refused();
  private boolean wildcard;
  private boolean owes;
  private @Nullable NavigableMap<String, Resource> settled;
  private @Nullable Sent sent;
  private String nonce = "";
  private String versionAcknowledged = "";
  private long sentMillis;
  private long acknowledgedMillis;

  /** An answer under way: what was in it, and how the whole of it is called. */
  private record Sent(String version, Set<String> names) {}

  boolean isWildcard() {
    return wildcard;
  }

  /** All is wanted, or no longer. The first answer is owed even when there is nothing. */
  void wildcard(boolean all) {
    owes |= all && !wildcard;
    wildcard = all;
    settled = null;
    if (!all) {
      known.keySet().retainAll(names);
    }
  }

  /** Nothing need be said as long as nothing differs: the client has been here before. */
  void owesNothing() {
    owes = false;
  }

  boolean owes() {
    return owes;
  }

  Set<String> names() {
    return names;
  }

  boolean wants(String name) {
    return wildcard || names.contains(name);
  }

  void add(String name) {
    names.add(name);
    settled = null;
  }

  void remove(String name) {
    names.remove(name);
    settled = null;
    if (!wildcard) {
      forget(name);
    }
  }

  /** What the client says that it has. */
  void knows(String name, String version) {
    known.put(name, version);
    settled = null;
  }

  /** The client wants it sent, whatever it has. */
  void again(String name) {
    again.add(name);
    settled = null;
  }

  void forget(String name) {
    known.remove(name);
    bodies.remove(name);
    settled = null;
  }

  /** Whether the client has been sent a resource of that name and not been told that it is no more. */
  boolean has(String name) {
    String version = known.get(name);
    return version != null && !version.equals(ABSENT);
  }

  boolean isInFlight() {
    return sent != null;
  }

  String nonce() {
    return nonce;
  }

  boolean isRefused() {
    return !refused.isEmpty();
  }

  /** What is lacking. Costs nothing as long as neither side has changed since nothing was. */
  @SuppressWarnings("ReferenceEquality") // resources that did not change are the same object
  Difference difference(NavigableMap<String, Resource> target) {
    if (target == settled) {
      return Difference.NONE;
    }
    List<Resource> changed = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    wanted(target).forEach(
        resource -> {
          if (!resource.version().equals(known.get(resource.name())) || again.contains(resource.name())) {
            changed.add(resource);
          }
        });
    for (String name : names) {
      if (!target.containsKey(name) && (!known.containsKey(name) || again.contains(name))) {
        missing.add(name);
      }
    }
    List<String> removed = new ArrayList<>();
    for (String name : known.keySet()) {
      if (!target.containsKey(name) && has(name)) {
        removed.add(name);
      }
    }
    Difference difference = new Difference(changed, removed.stream().sorted().toList(), missing);
    if (difference.isEmpty()) {
      settled = target;
    }
    return difference;
  }

  /** What is wanted of what there is. */
  Collection<Resource> wanted(NavigableMap<String, Resource> target) {
    if (wildcard) {
      return target.values();
    }
    List<Resource> wanted = new ArrayList<>();
    for (String name : names) {
      Resource resource = target.get(name);
      if (resource != null) {
        wanted.add(resource);
      }
    }
    return wanted;
  }

  /** What the client has and must keep for now, though it is no more. Kept bodies only. */
  Collection<Resource> keeping(NavigableMap<String, Resource> target) {
    return bodies.values().stream().filter(each -> !target.containsKey(each.name())).toList();
  }

  /** Records an answer that is about to be sent. */
  void sending(String version, String nonce, Difference difference, boolean keepBodies, long now) {
    Set<String> carried = new HashSet<>();
    for (Resource resource : difference.changed()) {
      carried.add(resource.name());
      known.put(resource.name(), resource.version());
      if (keepBodies) {
        bodies.put(resource.name(), resource);
      }
      again.remove(resource.name());
    }
    taken(difference.removed());
    taken(difference.missing());
    this.nonce = nonce;
    sent = new Sent(version, carried);
    sentMillis = now;
    owes = false;
  }

  /** Records that resources are no more, where nothing has to be sent for it. */
  void taken(List<String> gone) {
    for (String name : gone) {
      forget(name);
      again.remove(name);
      refused.settled(Set.of(name));
      if (names.contains(name)) {
        known.put(name, ABSENT);
      }
    }
  }

  /** The client has exactly what there is, of that version. */
  void upToDate(NavigableMap<String, Resource> target, String version, boolean keepBodies, long now) {
    for (Resource resource : wanted(target)) {
      known.put(resource.name(), resource.version());
      if (keepBodies) {
        bodies.put(resource.name(), resource);
      }
    }
    owes = false;
    confirm(version, now);
  }

  /**
   * Takes an acknowledgement or a refusal.
   *
   * @param error empty for an acknowledgement
   * @return false when it is about something older, and means nothing any more
   */
  boolean answered(String about, String error, long now) {
    Sent answer = sent;
    if (answer == null || !about.equals(nonce)) {
      return false;
    }
    sent = null;
    if (error.isEmpty()) {
      refused.settled(answer.names());
      versionAcknowledged = answer.version();
      acknowledgedMillis = now;
    } else {
      refused.refused(answer.names(), error);
    }
    return true;
  }

  /** Nothing differs and nothing is under way: this version is what the client has. */
  void confirm(String version, long now) {
    if (refused.isEmpty() && !versionAcknowledged.equals(version)) {
      versionAcknowledged = version;
      acknowledgedMillis = now;
      sentMillis = sentMillis == 0 ? now : sentMillis;
    }
  }

  String versionAcknowledged() {
    return versionAcknowledged;
  }

  String refusal() {
    return refused.message();
  }

  long sentMillis() {
    return sentMillis;
  }

  long acknowledgedMillis() {
    return acknowledgedMillis;
  }

  /** One version for many resources: equal ones, each of an equal version, have an equal one. */
  static String version(Collection<Resource> resources) {
    StringBuilder text = new StringBuilder();
    resources.forEach(each -> text.append(each.name()).append('\n').append(each.version()).append('\n'));
    return Packing.hash(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
