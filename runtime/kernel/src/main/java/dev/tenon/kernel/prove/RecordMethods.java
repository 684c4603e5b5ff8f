package dev.tenon.kernel.prove;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;
import java.util.List;

/**
 * What Java's own methods of records remember. When a record's {@code equals}, {@code hashCode} or {@code toString} is
 * first called, {@link ObjectMethods} adapts method handles that all records share to the record and its components. Of
 * the adaptations to classes that may be unloaded each keeps the latest, softly: and with it a class of a closed module,
 * and its loader, until memory is short. One adaptation more takes its place: to a class of nobody's, since one of the
 * kernel's own would be kept elsewhere.
 */
final class RecordMethods {
  private static final Class<?> NOBODYS = new Nobody().define();

  private RecordMethods() {}

  /** Makes them forget what they adapted to last. */
  static void forget() {
    MethodHandle component = MethodHandles.empty(MethodType.methodType(NOBODYS, NOBODYS));
    try {
      for (String method : List.of("equals", "hashCode", "toString")) {
        ObjectMethods.bootstrap(MethodHandles.lookup(), method, MethodHandle.class, NOBODYS, "component", component);
      }
    } catch (Throwable e) {
      throw new IllegalStateException("the platform makes no methods of records", e);
    }
  }

  private static final class Nobody extends ClassLoader {
    Nobody() {
      super("nobody", null);
    }

    Class<?> define() {
      byte[] bytes = ClassFile.of().build(ClassDesc.of("Component"), type -> {});
      return defineClass("Component", bytes, 0, bytes.length);
    }
  }
}
