package dev.tenon.registry.vm.accept;

import dev.tenon.wire.registration.v1.Beat;
import dev.tenon.wire.registration.v1.Port;
import dev.tenon.wire.registration.v1.Workload;

/** What workloads say in tests. */
public final class Said {
  private Said() {}

  /** A workload that answers for {@code reviews}, port 9080. */
  public static Workload.Builder reviews(String name, String address) {
    return Workload.newBuilder()
        .setName(name)
        .setNamespace("default")
        .setAddress(address)
        .putLabels("app", "reviews")
        .setServiceAccount("bookinfo-reviews")
        .addPorts(port(9080));
  }

  /** A port of {@code reviews}, listened on under its own number. */
  public static Port.Builder port(int number) {
    return Port.newBuilder().setService("reviews").setServicePort(number).setProtocol("HTTP").setListenPort(number);
  }

  /** A beat that registers. */
  public static Beat first(Workload.Builder workload) {
    return Beat.newBuilder().setWorkload(workload).build();
  }

  /** The same beat, read. */
  public static Claim claim(Workload.Builder workload) {
    return claim(first(workload));
  }

  /** A beat, read. */
  public static Claim claim(Beat beat) {
    try {
      return BeatReader.read(beat);
    } catch (BadBeat e) {
      throw new AssertionError(e);
    }
  }
}
