package dev.tenon.kernel.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/** Says which of a bundle's imports nobody gives, and who could. */
final class Imports {
  private static final Pattern NAME = Pattern.compile("osgi\\.wiring\\.package=([\\w.]+)");
  private static final Pattern FLOOR = Pattern.compile("(?<!!)\\(version>=([\\w.-]+)\\)");
  private static final Pattern CEILING = Pattern.compile("\\(!\\(version>=([\\w.-]+)\\)\\)|\\(version<=([\\w.-]+)\\)");
  private static final int MOST = 5;

  private final Bundle bundle;
  private final Platform platform;
  private final List<Bundle> others;

  private Imports(Bundle bundle, Platform platform, List<Bundle> others) {
    this.bundle = bundle;
    this.platform = platform;
    this.others = others;
  }

  /**
   * Explains.
   *
   * @param all every bundle there is, the framework's own among them
   * @return one line; null when it is not its imports that are missing
   */
  static @Nullable String explain(Bundle bundle, Platform platform, Bundle[] all) {
    Imports imports = new Imports(bundle, platform, Arrays.stream(all).filter(each -> !each.equals(bundle)).toList());
    List<String> missing = imports.missing();
    if (missing.isEmpty()) {
      return null;
    }
    String more = missing.size() > MOST ? "; and " + (missing.size() - MOST) + " more" : "";
    return String.join("; ", missing.subList(0, Math.min(MOST, missing.size()))) + more;
  }

  private List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (BundleRequirement each : bundle.adapt(BundleRevision.class).getDeclaredRequirements(PackageNamespace.PACKAGE_NAMESPACE)) {
      String resolution = each.getDirectives().getOrDefault(PackageNamespace.REQUIREMENT_RESOLUTION_DIRECTIVE, "mandatory");
      String filter = each.getDirectives().getOrDefault(PackageNamespace.REQUIREMENT_FILTER_DIRECTIVE, "");
      Matcher name = NAME.matcher(filter);
      if (resolution.equals("mandatory") && name.find() && others.stream().noneMatch(other -> gives(other, each))) {
        missing.add(reason(name.group(1), filter));
      }
    }
    return missing;
  }

  private static boolean gives(Bundle other, BundleRequirement requirement) {
    BundleRevision revision = other.adapt(BundleRevision.class);
    return revision != null
        && revision.getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE).stream().anyMatch(requirement::matches);
  }

  private String reason(String name, String filter) {
    Matcher floor = FLOOR.matcher(filter);
    Matcher ceiling = CEILING.matcher(filter);
    String from = floor.find() ? floor.group(1) : "";
    String to = ceiling.find() ? ceiling.group() : "";
    String wanted = name + (from.isEmpty() ? "" : " from version " + from)
        + (to.isEmpty() ? "" : " to " + (to.startsWith("(!") ? "below " : "") + to.replaceAll("[^\\d.]*([\\d][\\w.-]*).*", "$1"));
    Platform.Export export = platform.export(name);
    if (export != null) {
      boolean newer = !from.isEmpty() && Version.parseVersion(from).compareTo(export.version()) > 0;
      return "imports " + wanted + ", and this process has it in " + export + ": the jar is too " + (newer
          ? "new; update this process, or take an older build of the jar" : "old; build it again for " + export.version());
    }
    String keeper = platform.keeper(name);
    if (keeper != null) {
      return "imports " + wanted + ", which " + keeper + " of the platform holds for itself alone; put the jar's own copy into its lib/";
    }
    String holder = others.stream().filter(other -> other.getBundleId() != 0 && other.getEntry(name.replace('.', '/') + "/") != null)
        .map(Bundle::getSymbolicName).findFirst().orElse("");
    return "imports " + wanted + ", which " + (holder.isEmpty() ? "nothing in this process holds"
        : "the bundle " + holder + " holds, but modules share no classes beyond spi")
        + "; put the library that has it into lib/ inside the jar and on its Bundle-ClassPath";
  }
}
