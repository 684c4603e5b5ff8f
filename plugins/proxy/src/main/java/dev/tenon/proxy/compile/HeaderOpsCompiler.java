package dev.tenon.proxy.compile;

import dev.tenon.wire.xds.v1.HeaderValueOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Compiles changes to heads: removals first, then additions, as Envoy carries them out. */
final class HeaderOpsCompiler {
  /** Headers that say where a message ends or whom it is for: a change would break the message. */
  private static final Set<String> FRAMING =
      Set.of("host", "content-length", "transfer-encoding", "connection", "upgrade");

  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  private HeaderOpsCompiler() {}

  static HeaderOps request(List<HeaderValueOption> add, List<String> remove) {
    return compile("request_headers_to_", add, remove);
  }

  static HeaderOps response(List<HeaderValueOption> add, List<String> remove) {
    return compile("response_headers_to_", add, remove);
  }

  private static HeaderOps compile(String field, List<HeaderValueOption> add, List<String> remove) {
    if (add.isEmpty() && remove.isEmpty()) {
      return HeaderOps.NONE;
    }
    List<HeaderOps.Op> steps = new ArrayList<>();
    steps.addAll(Unusable.each(field + "remove", remove, name -> new HeaderOps.Remove(name(name))));
    for (HeaderOps.Put put : Unusable.each(field + "add", add, HeaderOpsCompiler::put)) {
      // Envoy leaves out a header whose value is empty unless it is told to keep it.
      if (!put.value().isEmpty()) {
        steps.add(put);
      }
    }
    return new HeaderOps(steps);
  }

  private static HeaderOps.Put put(HeaderValueOption option) {
    String name = Unusable.in("header.key", () -> name(option.getHeader().getKey()));
    if (!option.getHeader().getRawValue().isEmpty()) {
      throw new Unusable("header.raw_value", "is not carried out by this proxy");
    }
    String value = Unusable.in("header.value", () -> literal(option.getHeader().getValue()));
    if (value.isEmpty() && option.getKeepEmptyValue()) {
      throw new Unusable("keep_empty_value", "a header without a value is not carried out by this proxy");
    }
    return new HeaderOps.Put(name, value, when(option));
  }

  @SuppressWarnings("deprecation") // "append" is what older control planes send
  private static HeaderOps.When when(HeaderValueOption option) {
    if (option.hasAppend()) {
      return option.getAppend().getValue() ? HeaderOps.When.APPEND : HeaderOps.When.OVERWRITE;
    }
    return switch (option.getAppendAction()) {
      case APPEND_IF_EXISTS_OR_ADD -> HeaderOps.When.APPEND;
      case ADD_IF_ABSENT -> HeaderOps.When.ADD_IF_ABSENT;
      case OVERWRITE_IF_EXISTS_OR_ADD -> HeaderOps.When.OVERWRITE;
      case OVERWRITE_IF_EXISTS -> HeaderOps.When.OVERWRITE_IF_PRESENT;
      case UNRECOGNIZED -> throw new Unusable("append_action", "is none that this proxy knows");
    };
  }

  private static String name(String given) {
    String name = given.toLowerCase(Locale.ROOT);
    if (name.isEmpty() || !name.chars().allMatch(HeaderOpsCompiler::isTokenCharacter)) {
      throw new Unusable("", "\"" + given + "\" is no header name that may be changed");
    }
    if (FRAMING.contains(name)) {
      throw new Unusable("", name + " may not be changed: messages would no longer end where they say");
    }
    return name;
  }

  private static boolean isTokenCharacter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || TOKEN_MARKS.indexOf(c) >= 0;
  }

  /** Envoy fills in {@code %COMMANDS%}; this proxy knows only the escaped percent sign. */
  private static String literal(String value) {
    Values.headText(value);
    StringBuilder text = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '%') {
        i++;
        if (i == value.length() || value.charAt(i) != '%') {
          throw new Unusable("", "\"" + value + "\" asks for a value of the request, which is not carried out");
        }
      }
      text.append(c);
    }
    return text.toString().strip();
  }
}
