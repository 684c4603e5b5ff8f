package dev.tenon.proxy.compile;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import dev.tenon.wire.xds.v1.Address;
import dev.tenon.wire.xds.v1.FractionalPercent;
import dev.tenon.wire.xds.v1.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The small values of Envoy's API, each in one way. */
final class Values {
  private static final long LONGEST_SECONDS = 100L * 365 * 24 * 3600;
  private static final int ALL = 1_000_000;

  private Values() {}

  /** A duration that is not negative. */
  static Duration duration(com.google.protobuf.Duration value) {
    if (value.getSeconds() < 0 || value.getNanos() < 0 || value.getSeconds() > LONGEST_SECONDS) {
      throw new Unusable("", value.getSeconds() + "." + value.getNanos() + " s is no time to wait");
    }
    return Duration.ofSeconds(value.getSeconds(), value.getNanos());
  }

  /** A count; beyond what an int holds it is as good as unlimited. */
  static int count(UInt32Value value) {
    return value.getValue() < 0 ? Integer.MAX_VALUE : value.getValue();
  }

  /** Refuses a switch that is on. */
  static void mustBeOff(String field, BoolValue value) {
    if (value.getValue()) {
      throw new Unusable(field, "is not carried out by this proxy");
    }
  }

  /** A share in millionths. */
  static int perMillion(FractionalPercent share) {
    long each =
        switch (share.getDenominator()) {
          case HUNDRED -> 10_000;
          case TEN_THOUSAND -> 100;
          case MILLION -> 1;
          case UNRECOGNIZED -> throw new Unusable("denominator", "is none that this proxy knows");
        };
    return (int) Math.min(ALL, Integer.toUnsignedLong(share.getNumerator()) * each);
  }

  /** A TCP address with an IP address in it. */
  static InetSocketAddress address(Address address) {
    if (!address.hasSocketAddress()) {
      throw new Unusable("", "only socket_address is carried out");
    }
    SocketAddress socket = address.getSocketAddress();
    return Unusable.in(
        "socket_address",
        () -> {
          if (socket.getProtocol() != SocketAddress.Protocol.TCP) {
            throw new Unusable("protocol", "is " + socket.getProtocol() + "; only TCP is carried out");
          }
          if (!socket.hasPortValue() || socket.getPortValue() < 0 || socket.getPortValue() > 65535) {
            throw new Unusable("port_value", "is required, between 0 and 65535");
          }
          return new InetSocketAddress(ip(socket.getAddress()), socket.getPortValue());
        });
  }

  /** An IP address; never a name, which would have to be looked up. */
  static InetAddress ip(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new Unusable("address", "\"" + text + "\" is no IP address");
    }
  }

  /** Text that may stand in a head: printable, so that no line ends within it. */
  static String headText(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        throw new Unusable("", "has the control character " + (int) c + " in it");
      }
    }
    return text;
  }
}
