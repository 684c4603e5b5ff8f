package dev.tenon.kernel.load;

import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Looks a class's members up as linking would, without initialising it. */
final class Lookup {
  private Lookup() {}

  /** Whether a method or field is there, in the class or above it. */
  static boolean has(Class<?> owner, References.Member member) {
    if (!member.descriptor().startsWith("(")) {
      return fields(owner).anyMatch(each ->
          each.getName().equals(member.name()) && each.getType().descriptorString().equals(member.descriptor()));
    }
    return member.name().equals("<init>") ? constructs(owner, member.descriptor()) : calls(owner, member);
  }

  /** Whether a method of an interface is no duty, or one that a class does. */
  static boolean implemented(References.Implementation made, List<Class<?>> interfaces, Method method) {
    return !Modifier.isAbstract(method.getModifiers())
        || made.methods().contains(method.getName() + descriptor(method))
        || interfaces.stream().flatMap(each -> Arrays.stream(each.getMethods())).anyMatch(other -> !Modifier.isAbstract(other.getModifiers())
            && other.getName().equals(method.getName()) && descriptor(other).equals(descriptor(method)));
  }

  private static boolean constructs(Class<?> owner, String descriptor) {
    for (Constructor<?> each : owner.getDeclaredConstructors()) {
      if (MethodType.methodType(void.class, each.getParameterTypes()).descriptorString().equals(descriptor)) {
        return true;
      }
    }
    return false;
  }

  private static boolean calls(Class<?> owner, References.Member member) {
    return Stream.concat(Arrays.stream(Object.class.getDeclaredMethods()), methods(owner))
        .anyMatch(each -> each.getName().equals(member.name()) && descriptor(each).equals(member.descriptor()));
  }

  private static Stream<Method> methods(Class<?> type) {
    Stream<Method> own = Stream.concat(Arrays.stream(type.getDeclaredMethods()), Arrays.stream(type.getInterfaces()).flatMap(Lookup::methods));
    return type.getSuperclass() == null ? own : Stream.concat(own, methods(type.getSuperclass()));
  }

  private static Stream<Field> fields(Class<?> type) {
    Stream<Field> own = Stream.concat(Arrays.stream(type.getDeclaredFields()), Arrays.stream(type.getInterfaces()).flatMap(Lookup::fields));
    return type.getSuperclass() == null ? own : Stream.concat(own, fields(type.getSuperclass()));
  }

  private static String descriptor(Method method) {
    return MethodType.methodType(method.getReturnType(), method.getParameterTypes()).descriptorString();
  }
}
