package dev.zoetrope.admin;

import dev.zoetrope.access.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the API can do, and who may: one line each; the first that fits is taken. */
final class Routes {
  private static final List<String> ORDER =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

  /** Does what a request asks for. */
  interface Work {
    Reply of(Call call) throws Problem;
  }

  /**
   * One line.
   *
   * @param method of HTTP; that of GET is that of HEAD as well
   * @param path below {@code /api/v1/}; {@code {id}} stands for any one part
   * @param needs what one has to be
   * @param isSignIn whether it is how one becomes somebody, so that no session has to prove itself
   * @param mostBodyBytes how large its body may be
   */
  record Route(
      String method,
      List<String> path,
      Role needs,
      boolean isSignIn,
      int mostBodyBytes,
      Work work) {
    private boolean isFor(List<String> parts) {
      if (parts.size() != path.size()) {
        return false;
      }
      for (int i = 0; i < parts.size(); i++) {
        boolean isSame = path.get(i).equals(parts.get(i));
        if (!isSame && (parts.get(i).isEmpty() || !isVariable(path.get(i)))) {
          return false;
        }
      }
      return true;
    }

    private boolean answers(String asked) {
      return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
    }

    Map<String, String> variables(List<String> parts) {
      Map<String, String> variables = new HashMap<>();
      for (int i = 0; i < parts.size(); i++) {
        if (isVariable(path.get(i))) {
          variables.put(path.get(i).substring(1, path.get(i).length() - 1), parts.get(i));
        }
      }
      return variables;
    }

    private static boolean isVariable(String part) {
      return part.startsWith("{");
    }
  }

  private static final int MOST_BODY_BYTES = 1 << 20;

  /** Anybody may send it, and it is kept until it is whole. */
  private static final int MOST_SIGN_IN_BYTES = 8 << 10;

  private final List<Route> routes = new ArrayList<>();

  /** Adds a line. */
  Routes add(String method, String path, Role needs, Work work) {
    return addLarge(method, path, needs, MOST_BODY_BYTES, work);
  }

  /** Adds a line that takes other bodies than usual. */
  Routes addLarge(String method, String path, Role needs, int mostBodyBytes, Work work) {
    routes.add(new Route(method, parts(path), needs, false, mostBodyBytes, work));
    return this;
  }

  /** Adds a line for those who are about to become somebody. */
  Routes addSignIn(String method, String path, Work work) {
    routes.add(new Route(method, parts(path), Role.NOBODY, true, MOST_SIGN_IN_BYTES, work));
    return this;
  }

  List<Route> all() {
    return List.copyOf(routes);
  }

  /** The parts of a path with or without a slash before it. */
  static List<String> parts(String path) {
    String relative = path.startsWith("/") ? path.substring(1) : path;
    return List.of(relative.split("/", -1));
  }

  /** The line for it, if there is one. */
  Optional<Route> find(String method, List<String> parts) {
    return routes.stream().filter(route -> route.isFor(parts) && route.answers(method)).findFirst();
  }

  /**
   * What would have been answered there, in the form of the header {@code Allow}; empty if there is
   * nothing there at all.
   */
  String allowed(String method, List<String> parts) {
    List<Route> here = routes.stream().filter(route -> route.isFor(parts)).toList();
    if (here.isEmpty()) { // what nothing of this kind can do
      here = routes.stream().filter(route -> route.path().get(0).equals(parts.get(0))).toList();
      if (here.stream().anyMatch(route -> route.answers(method))) {
        return "";
      }
    }
    Set<String> methods = here.stream().map(Route::method).collect(Collectors.toSet());
    return ORDER.stream()
        .filter(one -> methods.contains(one.equals("HEAD") ? "GET" : one))
        .collect(Collectors.joining(", "));
  }

  /** The first parts of all lines, for people. */
  String rooms() {
    return routes.stream()
        .map(route -> route.path().get(0))
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
