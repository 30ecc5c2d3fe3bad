package dev.zoetrope.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.media.Bytes;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MultipartPartsTest {
  private final List<Bytes> taken = new ArrayList<>();
  private final MultipartParts parts = new MultipartParts("frame", taken::add);

  private static Bytes bytes(String text) {
    return Bytes.owning(text.getBytes(ISO_8859_1));
  }

  private void feed(String text) throws OutcomeException {
    feed(bytes(text).toArray());
  }

  private void feed(byte[] bytes) throws OutcomeException {
    parts.feed(bytes, bytes.length);
  }

  private static final String TWO_OF_KNOWN_LENGTH =
      "preamble\r\n--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 5\r\n\r\n12345"
          + "\r\n--frame\r\ncontent-length:3\r\nX-Timestamp: 1\r\n\r\nabc\r\n--frame--\r\nepilogue";

  private static final String TWO_OF_UNKNOWN_LENGTH =
      "--frame\r\nContent-Type: image/jpeg\r\n\r\n12\r\n45\r\n--frame\r\n\r\nabc\r\n--frame--";

  private static final String WITH_LINE_FEEDS_ALONE =
      "--frame\nContent-Length: 2\n\nxy\n--frame\nContent-Type: image/png\n\nz\n--frame--\n";

  @Test
  void partsAreTheSameHoweverTheBodyIsCut() throws Exception {
    for (String body : List.of(TWO_OF_KNOWN_LENGTH, TWO_OF_UNKNOWN_LENGTH, WITH_LINE_FEEDS_ALONE)) {
      List<Bytes> whole = takenOf(body, body.length());

      assertThat(whole).hasSize(2);
      for (int size = 1; size < body.length(); size++) {
        assertThat(takenOf(body, size)).as("pieces of %d", size).isEqualTo(whole);
      }
    }
    assertThat(takenOf(TWO_OF_UNKNOWN_LENGTH, 7)).containsExactly(bytes("12\r\n45"), bytes("abc"));
  }

  private static List<Bytes> takenOf(String body, int pieceSize) throws OutcomeException {
    List<Bytes> taken = new ArrayList<>();
    MultipartParts parts = new MultipartParts("frame", taken::add);
    byte[] all = body.getBytes(ISO_8859_1);
    for (int at = 0; at < all.length; at += pieceSize) {
      byte[] piece = Arrays.copyOfRange(all, at, Math.min(all.length, at + pieceSize));
      parts.feed(piece, piece.length);
    }
    parts.end();
    return taken;
  }

  @Test
  void partOfKnownLengthIsHandedOnWithItsLastByte() throws Exception {
    feed("--frame\r\nContent-Length: 4\r\n\r\n123");
    assertThat(taken).isEmpty();

    feed("4");

    assertThat(taken).containsExactly(bytes("1234"));
  }

  @ParameterizedTest
  @CsvSource({"jpeg", "png"})
  void pictureOfUnknownLengthIsHandedOnWhenItsEndIsSeen(String form) throws Exception {
    byte[] picture = picture(form);
    feed("--frame\r\nContent-Type: image/" + form + "\r\n\r\n");
    feed(Arrays.copyOf(picture, picture.length - 1));
    assertThat(taken).isEmpty();

    feed(Arrays.copyOfRange(picture, picture.length - 1, picture.length));
    feed("\r\n--frame\r\n\r\nabc\r\n--frame");

    assertThat(taken).containsExactly(Bytes.owning(picture), bytes("abc"));
  }

  private static byte[] picture(String form) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB), form, out);
    return out.toByteArray();
  }

  @Test
  void fieldsOfAFormAreNoParts() throws Exception {
    feed(
        "--frame\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nhello\r\n--frame\r\n"
            + "Content-Disposition: form-data; name=\"f\"; filename=\"a.png\"\r\n\r\nabc"
            + "\r\n--frame--\r\n");

    assertThat(taken).containsExactly(bytes("abc"));
  }

  @Test
  void bodyThatEndsWithinAPartIsRefused() throws Exception {
    for (String cut : List.of("\r\nContent-Len", "\r\nContent-Length: 4\r\n\r\n123", "\r\n\r\n1")) {
      MultipartParts open = new MultipartParts("frame", taken::add);
      byte[] bytes = ("--frame" + cut).getBytes(ISO_8859_1);
      open.feed(bytes, bytes.length);

      assertThatThrownBy(open::end)
          .isInstanceOf(OutcomeException.class)
          .hasMessage("the multipart body ends within a part");
    }
    assertThat(taken).isEmpty();
  }

  @Test
  void endlessHeadersAreRefused() throws Exception {
    feed("--frame\r\n");

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10_000; i++) {
                feed("X-Line: one of many\r\n");
              }
            })
        .isInstanceOf(OutcomeException.class)
        .hasMessage("the header of a part has over 16 KiB");
  }

  @Test
  void endlessLineIsRefused() throws Exception {
    feed("--frame\r\nX-Line: ");

    assertThatThrownBy(() -> feedForEver("x".repeat(1000)))
        .isInstanceOf(OutcomeException.class)
        .hasMessage("the header of a part has over 16 KiB");
  }

  @Test
  void bodyWithoutADelimiterIsRefused() {
    assertThatThrownBy(() -> feedForEver("no delimiter here "))
        .isInstanceOf(OutcomeException.class)
        .hasMessage("no delimiter \"--frame\" within 64 KiB");
  }

  private void feedForEver(String text) throws OutcomeException {
    byte[] bytes = text.getBytes(ISO_8859_1);
    for (int i = 0; i < 1_000_000; i++) {
      feed(bytes);
    }
  }

  @Test
  void hugePartsAreRefused() throws Exception {
    assertThatThrownBy(() -> feed("--frame\r\nContent-Length: 67108865\r\n\r\n"))
        .isInstanceOf(OutcomeException.class)
        .hasMessage("a part of over 64 MiB");
    MultipartParts open = new MultipartParts("frame", taken::add);
    open.feed("--frame\r\n\r\n".getBytes(ISO_8859_1), 11);
    byte[] piece = new byte[1 << 20];

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 70; i++) {
                open.feed(piece, piece.length);
              }
            })
        .isInstanceOf(OutcomeException.class)
        .hasMessage("a part of over 64 MiB");
  }

  @ParameterizedTest
  @CsvSource({"-1", "1e3", "99999999999999", "''", "12 34"})
  void lengthThatIsNoneIsRefused(String length) {
    assertThatThrownBy(() -> feed("--frame\r\nContent-Length: " + length + "\r\n"))
        .isInstanceOf(OutcomeException.class)
        .hasMessageStartingWith("a part's Content-Length: expected a number, got");
  }

  @ParameterizedTest
  @CsvSource({
    "multipart/x-mixed-replace; boundary=frame,              frame",
    "multipart/x-mixed-replace;boundary=\"a b\",             a b",
    "multipart/form-data; charset=utf-8; Boundary=----x-1,   ----x-1",
  })
  void boundaryIsFoundInTheMediaType(String type, String boundary) {
    assertThat(MultipartParts.boundary(type)).hasValue(boundary);
  }

  @Test
  void boundaryMayBeSaidWithItsHyphens() throws Exception {
    MultipartParts said = new MultipartParts("--frame", taken::add);
    byte[] body = "--frame\r\n\r\nabc\r\n--frame--".getBytes(ISO_8859_1);

    said.feed(body, body.length);

    assertThat(taken).containsExactly(bytes("abc"));
    assertThat(MultipartParts.boundary("multipart/x-mixed-replace")).isEmpty();
  }
}
