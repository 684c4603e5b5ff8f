package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.rules.HeaderOps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads Istio's {@code Headers}: what is changed in requests and in responses. */
final class HeaderDecoder {
  /** What frames a message or rules its connection belongs to the proxy, not to a route. */
  private static final Set<String> FRAMING =
      Set.of(
          "connection", "content-length", "keep-alive", "proxy-connection", "te", "trailer",
          "transfer-encoding", "upgrade");

  private static final Set<String> AUTHORITY = Set.of("host", ":authority");

  private HeaderDecoder() {}

  /**
   * @param authority what requests are given as their authority instead; empty keeps it
   */
  record Result(HeaderOps request, HeaderOps response, String authority) {}

  static Result decode(Fields owner) {
    List<String> authorities = new ArrayList<>();
    HeaderOps[] ops = {HeaderOps.NONE, HeaderOps.NONE};
    owner
        .mapping("headers")
        .ifPresent(
            headers -> {
              headers.mapping("request").ifPresent(each -> ops[0] = operations(each, authorities));
              headers.mapping("response").ifPresent(each -> ops[1] = operations(each, null));
            });
    return new Result(ops[0], ops[1], authorities.isEmpty() ? "" : authorities.getFirst());
  }

  private static HeaderOps operations(
      Fields fields, @org.jspecify.annotations.Nullable List<String> authorities) {
    Map<String, String> set = values(fields, "set", authorities);
    Map<String, String> add = values(fields, "add", authorities);
    List<String> remove = new ArrayList<>();
    for (Values.Item item : Values.items(fields, "remove")) {
      String problem = nameProblem(item.text());
      if (!problem.isEmpty()) {
        Values.report(fields, item, problem);
      }
      remove.add(item.text().toLowerCase(Locale.ROOT));
    }
    return new HeaderOps(set, add, remove);
  }

  private static Map<String, String> values(
      Fields fields, String field, @org.jspecify.annotations.Nullable List<String> authorities) {
    Map<String, String> result = new LinkedHashMap<>();
    fields
        .mapping(field)
        .ifPresent(
            nested ->
                nested.names().forEach(
                    name -> {
                      String value = nested.text(name);
                      String key = name.toLowerCase(Locale.ROOT);
                      checkValue(nested, name, value);
                      if (authorities != null && AUTHORITY.contains(key)) {
                        addAuthority(nested, name, value, authorities);
                      } else if (!nameProblem(name).isEmpty()) {
                        nested.error(name, nameProblem(name));
                      } else if (result.put(key, value) != null) {
                        nested.error(name, "is given twice; header names are the same in upper and lower case");
                      }
                    }));
    return result;
  }

  private static void addAuthority(Fields nested, String name, String value, List<String> authorities) {
    if (!authorities.isEmpty()) {
      nested.error(name, "the authority is set already to \"" + authorities.getFirst() + "\"; keep one of them");
    }
    authorities.add(value);
  }

  /** What is wrong with changing a header; empty when nothing is. */
  static String nameProblem(String name) {
    String key = name.toLowerCase(Locale.ROOT);
    if (AUTHORITY.contains(key)) {
      return "the authority is set in requests only; use rewrite.authority";
    }
    if (key.startsWith(":")) {
      return "a pseudo-header cannot be changed; use rewrite";
    }
    if (!Names.isToken(name)) {
      return "\"" + name + "\" is no header name";
    }
    return FRAMING.contains(key) ? "frames the message and belongs to the proxy; remove it here" : "";
  }

  private static void checkValue(Fields nested, String name, String value) {
    if (value.length() > 16_384) {
      nested.error(name, "is longer than 16384 characters");
    } else if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 127)) {
      nested.error(name, "holds a control character, which no header may");
    } else if (value.indexOf('%') >= 0) {
      Values.refuse(nested, name, "'%' begins a formatter such as %REQ(name)% in Envoy; write the value without it");
    }
  }
}
