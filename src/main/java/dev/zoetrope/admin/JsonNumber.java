package dev.zoetrope.admin;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.math.MathContext;

/** Measured numbers as JSON: no more digits than count. */
final class JsonNumber {
  private static final MathContext DIGITS = new MathContext(3);
  private static final double LEAST_WHOLE = 100;

  private JsonNumber() {}

  /** With three digits that count; null for NaN. */
  static JsonValue of(double value) {
    if (Double.isNaN(value)) {
      return JsonValue.NULL;
    }
    boolean isWhole = Math.abs(value) >= LEAST_WHOLE || value == Math.rint(value);
    return isWhole
        ? Json.createValue(new BigDecimal(value).round(DIGITS).longValue())
        : Json.createValue(new BigDecimal(value).round(DIGITS));
  }
}
