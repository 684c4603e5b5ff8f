package dev.tenon.kernel.load;

import dev.tenon.spi.lifecycle.Module;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Version;

/**
 * Compares a jar with the spi of this process before any of its code runs. The versions are those that a
 * bundle imports ({@code Import-Package}) or a plain jar names ({@code Tenon-SPI:
 * dev.tenon.spi.policy;version="1.2"}); what its classes name is looked up in any case, so a jar that says
 * nothing is not taken at its word either.
 */
final class SpiCheck {
  private static final Pattern BUILT = Pattern.compile("(dev\\.tenon\\.spi[\\w.]*)\\s*;[^,\"]*version\\s*=\\s*\"?\\[?([\\d.]+)");
  private final Platform platform;
  private final Map<String, Version> built;

  private SpiCheck(Platform platform, Map<String, Version> built) {
    this.platform = platform;
    this.built = built;
  }

  /**
   * Checks a jar.
   *
   * @throws Refused with the first package that does not fit, and both versions of it
   */
  static void check(JarFile jar, Platform platform) throws IOException, Refused {
    SpiCheck check = new SpiCheck(platform, built(jar.getManifest()));
    check.versions();
    References named = References.of(jar);
    for (String type : named.types()) {
      check.type(type);
    }
    for (References.Member member : named.members()) {
      check.member(member);
    }
    for (References.Implementation each : named.implemented()) {
      check.implementation(each);
    }
  }

  private static Map<String, Version> built(@Nullable Manifest manifest) {
    Map<String, Version> built = new HashMap<>();
    for (String header : new String[] {"Import-Package", "Tenon-SPI"}) {
      String value = manifest == null ? null : manifest.getMainAttributes().getValue(header);
      Matcher clauses = BUILT.matcher(value == null ? "" : value);
      while (clauses.find()) {
        built.put(clauses.group(1), parse(clauses.group(2)));
      }
    }
    return built;
  }

  private static Version parse(String text) {
    try {
      return Version.parseVersion(text);
    } catch (IllegalArgumentException e) {
      return Version.emptyVersion;
    }
  }

  private void versions() throws Refused {
    for (Map.Entry<String, Version> each : built.entrySet()) {
      Platform.Export present = platform.export(each.getKey());
      if (present == null) {
        throw new Refused("was built against " + each.getKey() + " " + each.getValue() + ", a package that the spi of this process does not"
            + " have; update this process, or take an older build of the jar");
      }
      if (each.getValue().compareTo(present.version()) > 0) {
        throw new Refused("was built against " + each.getKey() + " " + each.getValue() + ", and this process has it in " + present
            + ": the jar is too new; update this process, or take an older build of the jar");
      }
      if (each.getValue().getMajor() < present.version().getMajor()) {
        throw new Refused("was built against " + each.getKey() + " " + each.getValue() + ", and this process has it in " + present
            + ": the jar is too old; build it again for " + present.version());
      }
    }
  }

  private @Nullable Class<?> find(String internal) {
    try {
      return Class.forName(internal.replace('/', '.'), false, Module.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  private Class<?> type(String internal) throws Refused {
    Class<?> found = find(internal);
    if (found == null) {
      throw new Refused("uses " + internal.replace('/', '.').replace('$', '.') + lacks(internal));
    }
    return found;
  }

  private void member(References.Member member) throws Refused {
    Class<?> owner = type(member.owner());
    if (!Lookup.has(owner, member)) {
      throw new Refused("uses " + owner.getCanonicalName() + "." + member.name() + (member.descriptor().startsWith("(") ? "(…)" : "")
          + " as " + member.descriptor() + lacks(member.owner()));
    }
  }

  /** A jar that was built before a method became everybody's duty fails when that is called first. */
  private void implementation(References.Implementation made) throws Refused {
    List<Class<?>> interfaces = new ArrayList<>();
    for (String each : made.interfaces()) {
      interfaces.add(type(each));
    }
    for (Class<?> each : interfaces) {
      for (Method method : each.getMethods()) {
        if (!Lookup.implemented(made, interfaces, method)) {
          String owner = each.getName().replace('.', '/');
          throw new Refused("has no " + method.getName() + "(…) in " + made.type().replace('/', '.') + ", which " + each.getCanonicalName()
              + " asks for in version " + version(owner) + " of " + packageOf(owner) + against(owner) + ": the jar is too old; build it again");
        }
      }
    }
  }

  private String lacks(String internal) {
    return ", which " + packageOf(internal) + " does not have in this process's version " + version(internal) + against(internal)
        + "; build the jar against this version, or take the process that it was built for";
  }

  private String version(String internal) {
    Platform.Export export = platform.export(packageOf(internal));
    return export == null ? "(none)" : export.version().toString();
  }

  private String against(String internal) {
    Version own = built.get(packageOf(internal));
    return own == null ? " (the jar does not say what it was built against: no Tenon-SPI in its manifest)" : "; the jar was built against " + own;
  }

  private static String packageOf(String internal) {
    return internal.substring(0, internal.lastIndexOf('/')).replace('/', '.');
  }
}
