package dev.tenon.spi.guard;

/**
 * What one module has cost since its present generation was loaded. CPU and memory are estimates: on
 * event loops one call in some is measured and stands for the others.
 *
 * @param module its name
 * @param version of its present generation
 * @param requests calls of it that were guarded
 * @param errors those that threw or answered nothing
 * @param timeouts those that were not answered in time, on an event loop or by the deadline
 * @param cpuNanos CPU time
 * @param cpuShare of one core, lately: 1.0 is a whole one
 * @param allocatedBytes on the heap, whether or not they were freed since
 * @param allocatedLately bytes in a second, lately
 * @param codeBytes of its classes as they came, as far as they were woven; 0 for a module that is not
 * @param wovenBytes of the same classes with their checkpoints
 */
public record Usage(
    String module,
    String version,
    long requests,
    long errors,
    long timeouts,
    long cpuNanos,
    double cpuShare,
    long allocatedBytes,
    long allocatedLately,
    long codeBytes,
    long wovenBytes) {
  /** Of a module that never ran. */
  public static final Usage NONE = new Usage("", "", 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
