package dev.tenon.cli.module;

import dev.tenon.cli.client.Refused;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code tenon module new}: a Maven project for a plug-in, which builds and passes its contract test. */
@Command(name = "new", description = "Writes a Maven project for a plug-in; it builds and passes its contract test as it is.")
final class NewCommand implements Callable<Integer> {
  @Option(
      names = "--kind",
      required = true,
      paramLabel = "KIND",
      converter = Kinds.class,
      completionCandidates = Kinds.class,
      description = "${COMPLETION-CANDIDATES}")
  private PluginKind kind = PluginKind.POLICY_ADAPTER;

  @Option(names = "--name", required = true, paramLabel = "NAME", description = "The plug-in's name, which is its jar's: lower-case letters, digits, hyphens.")
  private String name = "";

  @Option(names = "--package", paramLabel = "PACKAGE", description = "The Java package; com.example.NAME when left out.")
  private @Nullable String javaPackage;

  @Option(names = "--dir", paramLabel = "DIR", description = "A folder that is empty or not there yet; NAME when left out.")
  private @Nullable Path folder;

  @Override
  public Integer call() {
    Project project = new Project(kind, name, javaPackage == null ? "com.example." + name.replace("-", "") : javaPackage);
    Path target = folder == null ? Path.of(name) : folder;
    try {
      project.write(target);
    } catch (DirectoryNotEmptyException e) {
      throw new Refused(target + " is not empty; name another folder with --dir");
    } catch (IOException e) {
      throw new Refused(target + " cannot be written: " + e);
    }
    System.out.println(target + ": a " + kind + "; build and test it with mvn verify");
    return 0;
  }

  /** Kinds as they are written. */
  static final class Kinds implements ITypeConverter<PluginKind>, Iterable<String> {
    @Override
    public PluginKind convert(String text) {
      return Arrays.stream(PluginKind.values())
          .filter(each -> each.toString().equals(text))
          .findFirst()
          .orElseThrow(() -> new TypeConversionException("there is no kind \"" + text + "\"; known: " + PluginKind.all()));
    }

    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(PluginKind.values()).map(PluginKind::toString).iterator();
    }
  }
}
