package dev.tenon.registry.vm.accept;

import com.google.protobuf.TextFormat;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.model.Condition;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Workload;
import dev.tenon.wire.registration.v1.Beat;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a beat: all that a client may say, and how much of it. */
public final class BeatReader {
  /** The shortest life a lease may be given. */
  public static final Duration SHORTEST = Duration.ofSeconds(2);

  /** The longest. */
  public static final Duration LONGEST = Duration.ofHours(1);

  /** What a client gets that does not say. */
  public static final Duration USUAL = Duration.ofSeconds(10);

  private static final int MOST_LABELS = 64;
  private static final Pattern LEASE_ID = Pattern.compile("[A-Za-z0-9_-]{16,64}");
  private static final Pattern PLACE = Pattern.compile("[A-Za-z0-9._-]{0,63}");

  private BeatReader() {}

  /**
   * Reads and checks a beat.
   *
   * @throws BadBeat for the first thing that is wrong
   */
  public static Claim read(Beat beat) throws BadBeat {
    if (!beat.getLeaseId().isEmpty() && !LEASE_ID.matcher(beat.getLeaseId()).matches()) {
      throw new BadBeat("lease_id", "is none that this registry gave; leave it empty for a new lease");
    }
    Optional<Registrant> registrant =
        beat.hasWorkload() ? Optional.of(registrant(beat.getWorkload(), condition(beat))) : Optional.empty();
    Optional<Duration> timeToLive =
        beat.hasTimeToLive() ? Optional.of(bounded(beat.getTimeToLive())) : Optional.empty();
    return new Claim(beat.getLeaseId(), registrant, timeToLive, beat.getStanding());
  }

  /**
   * Reads the text form of a beat, as {@link BeatWriter#text} wrote it.
   *
   * @throws BadBeat when it is none, or not one that would be accepted
   */
  public static Claim read(String text) throws BadBeat {
    Beat.Builder beat = Beat.newBuilder();
    try {
      TextFormat.merge(text, beat);
    } catch (TextFormat.ParseException e) {
      throw new BadBeat("line " + e.getLine(), "is no part of a beat: " + e.getMessage());
    }
    return read(beat.build());
  }

  private static Duration bounded(com.google.protobuf.Duration asked) {
    long seconds = Math.clamp(asked.getSeconds(), 0, LONGEST.toSeconds());
    Duration exact = Duration.ofSeconds(seconds, Math.clamp(asked.getNanos(), 0, 999_999_999));
    if (exact.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return exact.compareTo(LONGEST) > 0 ? LONGEST : exact;
  }

  private static Registrant registrant(dev.tenon.wire.registration.v1.Workload said, Condition condition) throws BadBeat {
    dnsLabel("workload.name", said.getName());
    dnsLabel("workload.namespace", said.getNamespace());
    if (!said.getNetwork().isEmpty()) {
      dnsLabel("workload.network", said.getNetwork());
    }
    String address = address("workload.address", said.getAddress());
    labels(said.getLabelsMap());
    if (!said.getGroup().isEmpty()) {
      dnsLabel("workload.group", said.getGroup());
    }
    String account = said.getServiceAccount();
    if (!account.isEmpty() && !Names.isDnsSubdomain(account)) {
      throw new BadBeat("workload.service_account", shown(account) + " is not " + Names.DNS_LABEL + ", or several joined by dots");
    }
    PortReader ports = new PortReader(said.getNamespace(), address);
    ports.read(said.getPortsList());
    Workload workload =
        new Workload(
            said.getName(), said.getNamespace(), said.getNetwork(), address, said.getLabelsMap(),
            locality(said), account, ports.ports(), condition);
    return new Registrant(said.getGroup(), workload, ports.weights());
  }

  private static Condition condition(Beat beat) throws BadBeat {
    Health health =
        switch (beat.getHealth()) {
          case HEALTHY -> Health.HEALTHY;
          case STARTING -> Health.STARTING;
          case UNHEALTHY -> Health.UNHEALTHY;
          case DRAINING -> Health.DRAINING;
          case UNRECOGNIZED ->
              throw new BadBeat("health", beat.getHealthValue() + " is unknown to this registry; write HEALTHY, STARTING, UNHEALTHY or DRAINING");
        };
    String reason = beat.getHealthReason();
    if (reason.length() > Condition.MOST_REASON || reason.codePoints().anyMatch(Character::isISOControl)) {
      throw new BadBeat("health_reason", "should be one line of at most " + Condition.MOST_REASON + " characters");
    }
    return new Condition(health, reason);
  }

  private static Locality locality(dev.tenon.wire.registration.v1.Workload said) throws BadBeat {
    place("workload.region", said.getRegion());
    place("workload.zone", said.getZone());
    place("workload.sub_zone", said.getSubZone());
    Locality locality = new Locality(said.getRegion(), said.getZone(), said.getSubZone());
    return locality.equals(Locality.NONE) ? Locality.NONE : locality;
  }

  private static void place(String field, String text) throws BadBeat {
    if (!PLACE.matcher(text).matches()) {
      throw new BadBeat(field, shown(text) + " should be at most 63 letters, digits, dots, hyphens and underscores");
    }
  }

  private static void labels(Map<String, String> labels) throws BadBeat {
    if (labels.size() > MOST_LABELS) {
      throw new BadBeat("workload.labels", labels.size() + " are too many; give at most " + MOST_LABELS);
    }
    for (Map.Entry<String, String> label : labels.entrySet()) {
      if (!Names.isLabelKey(label.getKey())) {
        throw new BadBeat("workload.labels", shown(label.getKey())
            + " is no label key; write name or dns.prefix/name, the name at most 63 letters, digits, - _ .");
      }
      if (!Names.isLabelValue(label.getValue())) {
        throw new BadBeat("workload.labels[" + label.getKey() + "]", shown(label.getValue())
            + " is no label value; write at most 63 letters, digits, - _ . with a letter or digit at each end");
      }
    }
  }

  static void dnsLabel(String field, String text) throws BadBeat {
    if (text.isEmpty()) {
      throw new BadBeat(field, "is required");
    }
    if (!Names.isDnsLabel(text)) {
      throw new BadBeat(field, shown(text) + " is not " + Names.DNS_LABEL);
    }
  }

  /** One spelling for each address: RFC 5952's. */
  static String address(String field, String text) throws BadBeat {
    if (text.isEmpty()) {
      throw new BadBeat(field, "is required: the IP address at which callers reach the workload");
    }
    var address =
        Names.ipAddress(text)
            .orElseThrow(() -> new BadBeat(field, shown(text) + " is no IP address; names are not resolved here"));
    if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
      throw new BadBeat(field, shown(text) + " cannot be called; give the workload's own address");
    }
    return NetUtil.toAddressString(address);
  }

  /** Text from outside, short enough for a message. */
  static String shown(String text) {
    String printable = text.codePoints().limit(80)
        .map(each -> Character.isISOControl(each) ? '?' : each)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
    return "\"" + printable + (printable.length() < text.length() ? "…" : "") + "\"";
  }
}
