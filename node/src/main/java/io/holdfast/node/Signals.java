package io.holdfast.node;

import java.lang.reflect.Proxy;

/**
 * Takes a signal of the operating system instead of the JVM's own handler, which would end the
 * process with a code that says nothing. Reached by reflection, for the class has no supported name
 * to compile against.
 */
final class Signals {
  private Signals() {}

  /** Runs {@code action} on each arrival of the signal, such as {@code TERM}. */
  @SuppressWarnings("ReferenceEquality") // a proxy has no other equality
  static void on(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                return switch (method.getName()) {
                  case "handle" -> {
                    action.run();
                    yield null;
                  }
                  case "hashCode" -> System.identityHashCode(self);
                  case "equals" ->
                      System.identityHashCode(self) == System.identityHashCode(arguments[0]);
                  default -> name;
                };
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot take signal " + name, e);
    }
  }
}
