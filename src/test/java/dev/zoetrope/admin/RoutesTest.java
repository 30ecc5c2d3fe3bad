package dev.zoetrope.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.access.Role;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {
  private final Routes routes =
      new Routes()
          .add("GET", "sources", Role.OPERATOR, call -> Reply.nothing())
          .add("PUT", "sources/{id}", Role.ADMIN, call -> Reply.nothing())
          .add("GET", "sources/{id}", Role.OPERATOR, call -> Reply.nothing())
          .add("POST", "sources/{id}/start", Role.OPERATOR, call -> Reply.nothing())
          .addSignIn("POST", "session", call -> Reply.nothing());

  @ParameterizedTest
  @CsvSource({
    "GET,    /sources,            OPERATOR",
    "HEAD,   /sources,            OPERATOR",
    "PUT,    /sources/gate,       ADMIN",
    "HEAD,   /sources/gate,       OPERATOR",
    "POST,   /sources/gate/start, OPERATOR",
    "POST,   /session,            NOBODY",
  })
  void lineIsFoundByMethodAndPath(String method, String path, Role needed) {
    assertThat(routes.find(method, Routes.parts(path)))
        .hasValueSatisfying(route -> assertThat(route.needs()).isEqualTo(needed));
  }

  @ParameterizedTest
  @CsvSource({
    "POST,   /sources,            'GET, HEAD'",
    "DELETE, /sources/gate,       'GET, HEAD, PUT'",
    "GET,    /sources/gate/start, POST",
    "DELETE, /sources/gate/x/y,   'GET, HEAD, POST, PUT'",
    "GET,    /sources/gate/x,     ''",
    "GET,    /sources/,           ''",
    "GET,    /nothing,            ''",
    "GET,    /,                   ''",
  })
  void whatIsMissingIsToldByWhatIsThere(String method, String path, String allowed) {
    List<String> parts = Routes.parts(path);

    assertThat(routes.find(method, parts)).isEmpty();
    assertThat(routes.allowed(method, parts)).isEqualTo(allowed);
  }

  @Test
  void variablesAreWhatStandsInTheirPlaces() {
    List<String> parts = Routes.parts("/sources/gate/start");

    Routes.Route route = routes.find("POST", parts).orElseThrow();

    assertThat(route.variables(parts)).containsOnlyKeys("id").containsValue("gate");
    assertThat(routes.rooms()).isEqualTo("session, sources");
  }
}
