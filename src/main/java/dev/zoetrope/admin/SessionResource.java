package dev.zoetrope.admin;

import dev.zoetrope.access.Access;
import dev.zoetrope.access.Caller;
import dev.zoetrope.access.RefusedException;
import dev.zoetrope.access.Role;
import dev.zoetrope.web.Outside;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.Cookie;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code /api/v1/session} and {@code /api/v1/setup}: who one is, and how one becomes somebody. */
final class SessionResource {
  private final Access access;

  SessionResource(Access access) {
    this.access = access;
  }

  Reply get(Call call) {
    if (call.caller().role() == Role.NOBODY) {
      return Reply.of(
          Json.createObjectBuilder()
              .add("role", Role.NOBODY.word())
              .add("setup", access.isSetupDue())
              .build());
    }
    Optional<String> csrf =
        call.caller().via() == Caller.Via.SESSION ? access.csrf(call.visitor()) : Optional.empty();
    return Reply.of(describe(call.caller(), csrf));
  }

  private static JsonObject describe(Caller caller, Optional<String> csrf) {
    JsonObjectBuilder who =
        Json.createObjectBuilder()
            .add("name", caller.name())
            .add("role", caller.role().word())
            .add("via", caller.via().word());
    if (caller.role() == Role.VIEWER) {
      who.add("sources", AccountResource.ids(caller.sources()));
    }
    csrf.ifPresentOrElse(text -> who.add("csrf", text), () -> who.addNull("csrf"));
    return who.build();
  }

  Reply signIn(Call call) throws Problem {
    Fields fields = new Fields(call.body(), Set.of("name", "password"));
    String name = fields.text("name", "");
    String password = fields.secret("password");
    fields.check();
    try {
      return begun(call, access.signIn(call.visitor(), name, password));
    } catch (RefusedException e) {
      throw Problem.of(e);
    }
  }

  Reply setUp(Call call) throws Problem {
    Fields fields = new Fields(call.body(), Set.of("token", "name", "password"));
    String token = fields.secret("token");
    String name = fields.text("name", "admin");
    String password = fields.secret("password");
    fields.check();
    try {
      return begun(call, access.setUp(call.visitor(), token, name, password));
    } catch (RefusedException e) {
      throw Problem.of(e);
    }
  }

  private static Reply begun(Call call, Access.SignedIn signedIn) {
    call.response().addCookie(cookie(call, signedIn.cookie()));
    return Reply.of(describe(signedIn.caller(), Optional.of(signedIn.csrf())));
  }

  Reply signOut(Call call) {
    access.signOut(call.visitor());
    Cookie cookie = cookie(call, "");
    cookie.setMaxAge(0);
    call.response().addCookie(cookie);
    return Reply.nothing();
  }

  /** Without an age: it goes with the browser, and the session with it or before. */
  private static Cookie cookie(Call call, String value) {
    Cookie cookie = new Cookie(Access.COOKIE, value);
    Outside outside = Outside.of(call.request());
    String path = outside.base();
    cookie.setPath(path.isEmpty() ? "/" : path);
    cookie.setHttpOnly(true);
    cookie.setSecure(outside.isSecure() || isPageByHttps(call));
    cookie.setAttribute("SameSite", "Strict");
    return cookie;
  }

  /** Behind a proxy the page may be by https, and the request to us is not. */
  private static boolean isPageByHttps(Call call) {
    return call.visitor().origin().map(origin -> origin.startsWith("https://")).orElse(false);
  }

  Reply changePassword(Call call) throws Problem {
    Fields fields = new Fields(call.body(), Set.of("old", "new"));
    String old = fields.secret("old");
    String wanted = fields.secret("new");
    fields.check();
    try {
      access.changePassword(call.visitor(), call.caller(), old, wanted);
    } catch (RefusedException e) {
      if (e.reason() == RefusedException.Reason.WRONG) { // 401 would mean: not signed in
        String expected = "expected the present password";
        throw new Problem(422, "old: " + expected, List.of(Fields.mistake("old", "", expected)));
      }
      throw Problem.of(e);
    }
    return Reply.nothing();
  }
}
