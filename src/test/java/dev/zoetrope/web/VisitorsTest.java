package dev.zoetrope.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.access.Visitor;
import jakarta.websocket.server.HandshakeRequest;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisitorsTest {
  @ParameterizedTest
  @CsvSource({
    "zoetrope-session=abc,                                   abc",
    "'a=b; zoetrope-session=abc; c=d',                       abc",
    "zoetrope-session=\"abc\",                               abc",
    "'zoetrope-session=abc; zoetrope-session=def',           abc",
    "'zoetrope-session=a=b',                                 a=b",
    "'zoetrope-session=',                                    ",
    "'zoetrope-session',                                     ",
    "'xzoetrope-session=abc; zoetrope-sessions=abc',         ",
    "'ZOETROPE-SESSION=abc',                                 ",
  })
  void sessionIsReadFromTheCookies(String cookies, String session) {
    Visitor visitor = Visitors.of(new Handshake(Map.of("Cookie", List.of(cookies)), Map.of()));

    assertThat(visitor.session()).isEqualTo(Optional.ofNullable(session));
  }

  @Test
  void handshakeTellsAllThatTheGateAsksFor() {
    Map<String, List<String>> headers =
        Map.of(
            "cookie", List.of("other=1", "zoetrope-session=abc"),
            "AUTHORIZATION", List.of("Bearer t"),
            "Origin", List.of("https://page.example"),
            "host", List.of("live.example"));

    Visitor visitor =
        Visitors.at(Visitors.of(new Handshake(headers, Map.of("link", List.of("l", "m")))), "::1");

    assertThat(visitor.session()).contains("abc");
    assertThat(visitor.authorization()).contains("Bearer t");
    assertThat(visitor.origin()).contains("https://page.example");
    assertThat(visitor.host()).contains("live.example");
    assertThat(visitor.link()).contains("l");
    assertThat(visitor.address()).isEqualTo("::1");
    assertThat(visitor.bySocket()).isTrue();
    assertThat(visitor.principal()).contains("ann");
    assertThat(visitor.isInRole().test("zoetrope-viewer")).isTrue();
    assertThat(visitor.isInRole().test("zoetrope-admin")).isFalse();
  }

  @Test
  void emptyLinkIsNone() {
    assertThat(Visitors.of(new Handshake(Map.of(), Map.of("link", List.of("")))).link()).isEmpty();
    assertThat(Visitors.stranger().isInRole().test("zoetrope-admin")).isFalse();
  }

  /** By somebody whom the container knows as a viewer. */
  private record Handshake(Map<String, List<String>> headers, Map<String, List<String>> parameters)
      implements HandshakeRequest {
    @Override
    public Map<String, List<String>> getHeaders() {
      return headers;
    }

    @Override
    public Principal getUserPrincipal() {
      return () -> "ann";
    }

    @Override
    public URI getRequestURI() {
      return URI.create("/live/gate/fmp4");
    }

    @Override
    public boolean isUserInRole(String role) {
      return role.equals("zoetrope-viewer");
    }

    @Override
    public Object getHttpSession() {
      return null;
    }

    @Override
    public Map<String, List<String>> getParameterMap() {
      return parameters;
    }

    @Override
    public String getQueryString() {
      return "";
    }
  }
}
