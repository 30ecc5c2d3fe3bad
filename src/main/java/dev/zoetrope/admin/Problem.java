package dev.zoetrope.admin;

import jakarta.json.Json;
import jakarta.json.JsonObject;

/** An answer that is an error: RFC 9457. */
final class Problem extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * @param detail what was expected, for people
   */
  Problem(int status, String detail) {
    super(detail);
    this.status = status;
  }

  int status() {
    return status;
  }

  JsonObject json() {
    return Json.createObjectBuilder().add("status", status).add("detail", getMessage()).build();
  }
}
