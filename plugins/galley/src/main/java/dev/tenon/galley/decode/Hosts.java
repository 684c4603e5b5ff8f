package dev.tenon.galley.decode;

/** What is said of a host that is none. */
final class Hosts {
  private Hosts() {}

  static String problem(String text) {
    if (text.startsWith("*")) {
      return "\"" + text + "\" is no host; a wildcard is \"*\" or begins with \"*.\"";
    }
    int colon = text.indexOf(':');
    if (colon > 0 && Names.isHost(text.substring(0, colon))) {
      return "\"" + text + "\" is a host with a port; write the host alone";
    }
    return "\"" + text + "\" is no host; write a service's name, a full name, or *.domain";
  }
}
