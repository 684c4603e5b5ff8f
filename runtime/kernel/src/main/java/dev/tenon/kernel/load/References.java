package dev.tenon.kernel.load;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/**
 * What the classes of a jar name of spi.
 *
 * @param types internal names
 * @param members methods and fields
 * @param implemented what its classes implement of spi
 */
record References(Set<String> types, Set<Member> members, List<Implementation> implemented) {
  private static final String SPI = "dev/tenon/spi/";

  /** A method or field, by its owner's internal name and its descriptor. */
  record Member(String owner, String name, String descriptor) {}

  /**
   * A class that can be made and inherits from nothing but what spi or the JDK's {@code Object} has.
   *
   * @param methods name and descriptor of those that it has
   */
  record Implementation(String type, List<String> interfaces, Set<String> methods) {}

  /**
   * Reads the jar's own classes; those of the jars inside it are their author's business.
   *
   * @throws Refused when there is a class file that cannot be read
   */
  static References of(JarFile jar) throws IOException, Refused {
    References all = new References(new LinkedHashSet<>(), new LinkedHashSet<>(), new ArrayList<>());
    for (JarEntry entry : Collections.list(jar.entries())) {
      String name = entry.getName();
      if (name.endsWith(".class") && !name.endsWith("module-info.class")) {
        try (InputStream in = jar.getInputStream(entry)) {
          all.add(ClassFile.of().parse(in.readAllBytes()));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
          throw new Refused("holds " + name + ", which is no class file that Java 25 can read: " + e.getMessage(), e);
        }
      }
    }
    return all;
  }

  private void add(ClassModel model) {
    boolean names = false;
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof ClassEntry type) {
        names |= type(type.asInternalName());
      } else if (entry instanceof MemberRefEntry member && member.owner().asInternalName().startsWith(SPI)) {
        members.add(new Member(member.owner().asInternalName(), member.name().stringValue(), member.type().stringValue()));
      }
    }
    if (names && !model.flags().has(AccessFlag.ABSTRACT)) {
      implementation(model);
    }
  }

  private boolean type(String name) {
    String element = name.replaceFirst("^\\[+L(.*);$", "$1");
    if (element.startsWith(SPI)) {
      types.add(element);
      return true;
    }
    return false;
  }

  private void implementation(ClassModel model) {
    List<String> interfaces = model.interfaces().stream().map(ClassEntry::asInternalName).toList();
    boolean whole = model.superclass().map(ClassEntry::asInternalName).filter("java/lang/Object"::equals).isPresent();
    if (whole && !interfaces.isEmpty() && interfaces.stream().allMatch(each -> each.startsWith(SPI))) {
      implemented.add(new Implementation(model.thisClass().asInternalName(), interfaces, model.methods().stream()
          .map(each -> each.methodName().stringValue() + each.methodType().stringValue()).collect(Collectors.toSet())));
    }
  }
}
