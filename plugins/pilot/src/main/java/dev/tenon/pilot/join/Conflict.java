package dev.tenon.pilot.join;

/**
 * Two sources say different things, and one of them is believed.
 *
 * @param subject a service's host, an alias, or a workload's key
 * @param believed who is: a registry's name, or {@code ServiceEntry} with its key
 * @param other who is not
 * @param message what they differ in, one line
 */
public record Conflict(String subject, String believed, String other, String message) implements Comparable<Conflict> {
  @Override
  public int compareTo(Conflict with) {
    int bySubject = subject.compareTo(with.subject);
    return bySubject != 0 ? bySubject : toString().compareTo(with.toString());
  }
}
