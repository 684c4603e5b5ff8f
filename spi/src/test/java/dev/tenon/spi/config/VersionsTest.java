package dev.tenon.spi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A jar that does not fit is told the versions of a package: each must have one. */
class VersionsTest {
  @Test
  void everyPackageHasAVersionOfItsOwn() throws Exception {
    Path classes = Path.of(Fields.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Path> packages;
    try (Stream<Path> all = Files.walk(classes)) {
      packages = all.filter(each -> String.valueOf(each.getFileName()).endsWith(".class") && !each.endsWith("module-info.class"))
          .map(each -> each.resolveSibling("package-info.class")).distinct().toList();
    }
    assertThat(packages).hasSizeGreaterThan(5).allSatisfy(each -> assertThat(ClassFile.of().parse(each)
        .findAttribute(Attributes.runtimeInvisibleAnnotations()).stream().flatMap(found -> found.annotations().stream())
        .map(annotation -> annotation.className().stringValue()))
        .as("annotations of %s: @Version of org.osgi.annotation.versioning is missing", classes.relativize(each))
        .contains("Lorg/osgi/annotation/versioning/Version;"));
  }
}
