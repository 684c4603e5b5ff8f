package dev.tenon.pilot.translate;

import dev.tenon.spi.rules.HeaderOps;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Writes changes to headers. */
final class HeaderWriter {
  /** What Envoy fills in; any other percent sign is meant as it stands and has to be doubled. */
  private static final Pattern COMMAND = Pattern.compile("%[A-Z][A-Z0-9_]*(\\([^()%]*\\))?(:[0-9]+)?%|%%");

  private HeaderWriter() {}

  /** What is added; {@code set} replaces what is there, {@code add} does not. */
  static List<HeaderValueOption> additions(HeaderOps ops) {
    List<HeaderValueOption> options = new ArrayList<>();
    additions(options, ops.set(), HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD);
    additions(options, ops.add(), HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD);
    return options;
  }

  /** What is removed. */
  static List<String> removals(HeaderOps ops) {
    return ops.remove().stream().filter(name -> !isAuthority(name)).toList();
  }

  /** The host that {@code set} asks for: Envoy takes that as a rewrite of the host alone. */
  static Optional<String> authority(HeaderOps ops) {
    return ops.set().entrySet().stream()
        .filter(entry -> isAuthority(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static void additions(
      List<HeaderValueOption> options, Map<String, String> headers, HeaderAppendAction action) {
    new TreeMap<>(headers)
        .forEach(
            (name, value) -> {
              if (!isAuthority(name)) {
                HeaderValue.Builder header = HeaderValue.newBuilder().setKey(name).setValue(literal(value));
                options.add(
                    HeaderValueOption.newBuilder().setHeader(header).setAppendAction(action).build());
              }
            });
  }

  private static boolean isAuthority(String name) {
    return name.equals("host") || name.equals(":authority");
  }

  private static String literal(String value) {
    if (value.indexOf('%') < 0) {
      return value;
    }
    StringBuilder text = new StringBuilder();
    var command = COMMAND.matcher(value);
    int at = 0;
    while (command.find()) {
      text.append(value.substring(at, command.start()).replace("%", "%%")).append(command.group());
      at = command.end();
    }
    return text.append(value.substring(at).replace("%", "%%")).toString();
  }
}
