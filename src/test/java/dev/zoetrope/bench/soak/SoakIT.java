package dev.zoetrope.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.Browser;
import dev.zoetrope.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a page of a real Chromium holds does not become more while it watches: {@link SoakBench} in
 * short, with endless GIFs that are relieved ten times as often.
 */
@Tag("browser")
class SoakIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int ROLLS = 5;
  private static final int FRAMES = 400;

  /** Ten times what the heap moves by from one look to the next. */
  private static final long HEAP_SLACK_BYTES = 150_000;

  /** The player's thirty seconds from one GIF to the next are three. */
  private static final String QUICK_ROLLS = Browser.timers(30_000, 3_000);

  /** Counts what scripts make, and what of it they hold or have not closed. */
  private static final String COUNTING =
      """
      globalThis.made = { Image: 0, WebSocket: 0, VideoDecoder: 0, canvas: 0, VideoFrame: 0, ImageBitmap: 0, url: 0 };
      {
        const gone = { VideoFrame: 0, ImageBitmap: 0, url: 0 };
        const refs = [];
        const note = (kind, object) => {
          made[kind]++;
          refs.push({ kind, ref: new WeakRef(object) });
          return object;
        };
        const counting = ({ output, error }) => ({
          error,
          output: (frame) => {
            made.VideoFrame++;
            output(frame);
          },
        });
        for (const name of ['Image', 'WebSocket', 'VideoDecoder']) {
          globalThis[name] = new Proxy(globalThis[name], {
            construct: (type, words) => note(name, new type(...(name === 'VideoDecoder' ? words.map(counting) : words))),
          });
        }
        const { createElement } = Document.prototype;
        Document.prototype.createElement = function (...words) {
          const element = createElement.apply(this, words);
          return element instanceof HTMLCanvasElement ? note('canvas', element) : element;
        };
        for (const type of [VideoFrame, ImageBitmap]) {
          const { close } = type.prototype;
          type.prototype.close = function () {
            gone[type.name]++;
            close.call(this);
          };
        }
        const { createImageBitmap } = globalThis;
        globalThis.createImageBitmap = async (...words) => {
          const bitmap = await createImageBitmap(...words);
          made.ImageBitmap++;
          return bitmap;
        };
        const { createObjectURL, revokeObjectURL } = URL;
        URL.createObjectURL = (blob) => {
          made.url++;
          return createObjectURL(blob);
        };
        URL.revokeObjectURL = (url) => {
          gone.url++;
          revokeObjectURL(url);
        };
        globalThis.held = () => {
          const held = Object.fromEntries(Object.keys(made).map((kind) => [kind, kind in gone ? made[kind] - gone[kind] : 0]));
          refs.filter(({ ref }) => ref.deref()).forEach(({ kind }) => held[kind]++);
          return JSON.stringify(held).replaceAll('"', '');
        };
      }
      """;

  private static final String GIF_HELD =
      "{Image:1,WebSocket:0,VideoDecoder:0,canvas:0,VideoFrame:0,ImageBitmap:0,url:0}";
  private static final String WEB_CODECS_HELD =
      "{Image:0,WebSocket:1,VideoDecoder:1,canvas:1,VideoFrame:0,ImageBitmap:0,url:0}";

  @Test
  void whatAPageHoldsDoesNotBecomeMore(@TempDir Path home) throws Exception {
    Path sources = Files.createDirectories(home.resolve("sources"));
    for (String id : new String[] {"gif", "webcodecs"}) {
      Files.writeString(
          sources.resolve(id + ".yaml"), "kind: test-pattern\nwidth: 320\nheight: 180\n");
    }
    try (TestServer server = TestServer.at(home);
        Watching gif = new Watching(server, "gif", "gif", QUICK_ROLLS, COUNTING);
        Watching webCodecs = new Watching(server, "webcodecs", "webcodecs", COUNTING)) {
      awaitMade(gif, "Image", 2);
      Watching.Held gifBefore = awaitHeld(gif, GIF_HELD);
      Watching.Held webCodecsBefore = awaitHeld(webCodecs, WEB_CODECS_HELD);

      awaitMade(webCodecs, "VideoFrame", made(webCodecs, "VideoFrame") + FRAMES);
      awaitMade(gif, "Image", made(gif, "Image") + ROLLS);

      assertNoMore(awaitHeld(gif, GIF_HELD), gifBefore);
      assertNoMore(awaitHeld(webCodecs, WEB_CODECS_HELD), webCodecsBefore);
      assertThat(gif.isPlaying()).isTrue();
      assertThat(webCodecs.isPlaying()).isTrue();
      await("open answers").atMost(LIMIT).until(() -> answers(server, "gif") == 1);
    }
  }

  /** How many there have been. */
  private static int made(Watching page, String what) {
    return (int) page.evaluate("made." + what);
  }

  private static void awaitMade(Watching page, String what, int number) {
    await(number + " " + what)
        .atMost(LIMIT)
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(200))
        .until(() -> made(page, what) >= number);
  }

  /** Waits until garbage is collected, and no image is just being relieved. */
  private static Watching.Held awaitHeld(Watching page, String held) {
    return await(held)
        .atMost(LIMIT)
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(200))
        .until(page::collected, any -> page.evaluate("held()").equals(held));
  }

  private static void assertNoMore(Watching.Held after, Watching.Held before) {
    assertThat(after.nodes()).isLessThan(before.nodes() + ROLLS);
    assertThat(after.heapBytes()).isLessThan(before.heapBytes() + HEAP_SLACK_BYTES);
  }

  /** How many of them the server is just writing. */
  private static int answers(TestServer server, String id) throws IOException {
    try (var list = server.uri("live/").toURL().openStream()) {
      String text = new String(list.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      return Integer.parseInt(
          text.replaceAll("(?s).*\"id\":\"" + id + "\".*?\"viewers\":(\\d+).*", "$1"));
    }
  }
}
