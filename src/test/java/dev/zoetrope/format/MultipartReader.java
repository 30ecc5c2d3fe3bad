package dev.zoetrope.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.zoetrope.media.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A multipart parser that knows the boundary only: parts that are complete, as RFC 2046 says. */
record MultipartReader(List<Part> parts, String rest) {

  record Part(Map<String, String> headers, Bytes body) {}

  static MultipartReader read(byte[] bytes, String contentType) {
    String boundary = contentType.substring(contentType.indexOf("boundary=") + 9);
    // ISO 8859-1 maps each byte to the character of the same number.
    String text = "\r\n" + new String(bytes, ISO_8859_1);
    String delimiter = "\r\n--" + boundary + "\r\n";
    List<Part> parts = new ArrayList<>();
    if (!text.startsWith(delimiter)) {
      throw new AssertionError("does not begin with the boundary");
    }
    int at = delimiter.length();
    for (int next = text.indexOf(delimiter, at); next >= 0; next = text.indexOf(delimiter, at)) {
      String part = text.substring(at, next);
      int body = part.indexOf("\r\n\r\n") + 4;
      Map<String, String> headers = new LinkedHashMap<>();
      for (String line : part.substring(0, body - 4).split("\r\n", -1)) {
        headers.put(line.substring(0, line.indexOf(": ")), line.substring(line.indexOf(": ") + 2));
      }
      parts.add(new Part(headers, Bytes.owning(part.substring(body).getBytes(ISO_8859_1))));
      at = next + delimiter.length();
    }
    return new MultipartReader(parts, text.substring(at));
  }
}
