package io.holdfast.gateway.rest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the route of a request: the one list of what this gateway serves. */
final class Routes {
  private static final String ID = "{id}";

  /** A route and what stands in the place of {@code {id}}. */
  record Found(Route route, String segment) {}

  private record Template(String before, String after, Map<String, Route> byMethod) {
    @Nullable String segment(String path) {
      int end = path.length() - after.length();
      if (end <= before.length() || !path.startsWith(before) || !path.endsWith(after)) {
        return null;
      }
      String segment = path.substring(before.length(), end);
      return segment.indexOf('/') < 0 ? segment : null;
    }
  }

  private final List<Route> all;
  private final Map<String, Map<String, Route>> plain = new HashMap<>();
  private final List<Template> templates = new ArrayList<>();

  Routes(List<Route> routes) {
    this.all = List.copyOf(routes);
    Map<String, Map<String, Route>> byPath = new TreeMap<>();
    for (Route route : all) {
      byPath.computeIfAbsent(route.template(), t -> new TreeMap<>()).put(route.method(), route);
    }
    byPath.forEach(
        (template, byMethod) -> {
          int id = template.indexOf(ID);
          if (id < 0) {
            plain.put(template, byMethod);
          } else {
            templates.add(
                new Template(
                    template.substring(0, id), template.substring(id + ID.length()), byMethod));
          }
        });
  }

  /** All routes. */
  List<Route> all() {
    return all;
  }

  /**
   * @throws Refusal {@code unknown-path} or {@code method-not-allowed}
   */
  Found find(String method, String path) {
    Map<String, Route> exact = plain.get(path);
    if (exact != null) {
      return new Found(of(exact, method, path), "");
    }
    for (Template template : templates) {
      String segment = template.segment(path);
      if (segment != null) {
        return new Found(of(template.byMethod(), method, path), segment);
      }
    }
    throw Refusal.of(
        ErrorCode.UNKNOWN_PATH,
        "there is nothing at " + Shown.value(path),
        Shown.suggestion(path, plain.keySet(), "GET /openapi.json lists all paths"));
  }

  private static Route of(Map<String, Route> byMethod, String method, String path) {
    Route route = byMethod.get(method);
    if (route == null) {
      throw Refusal.method(method, path, String.join(", ", new TreeSet<>(byMethod.keySet())));
    }
    return route;
  }
}
