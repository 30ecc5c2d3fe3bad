package dev.zoetrope.door;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HandshakeTest {
  @Test
  void keyOfTheSpecificationIsAccepted() { // RFC 6455, 1.3
    assertThat(Handshake.acceptOf("dGhlIHNhbXBsZSBub25jZQ=="))
        .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  }
}
