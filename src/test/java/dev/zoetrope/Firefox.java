package dev.zoetrope;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The Firefox on the PATH, without a window, with a profile that goes with it. Confined to one
 * thread.
 */
public final class Firefox implements AutoCloseable {
  private static final String READY = "WebDriver BiDi listening on ";
  private static final int START_SECONDS = 60;
  private static final int STOP_SECONDS = 10;

  /** Beside what it sets by itself when it is driven: it looks for nothing on the network. */
  private static final String PREFERENCES =
      """
      user_pref("app.normandy.enabled", false);
      user_pref("browser.shell.checkDefaultBrowser", false);
      user_pref("extensions.getAddons.cache.enabled", false);
      user_pref("media.autoplay.default", 0);
      user_pref("media.gmp-manager.updateEnabled", false);
      user_pref("network.captive-portal-service.enabled", false);
      user_pref("network.connectivity-service.enabled", false);
      user_pref("privacy.reduceTimerPrecision", false);
      user_pref("services.settings.server", "data:,#remote-settings-dummy/v1");
      user_pref("toolkit.telemetry.server", "");
      """;

  private final Path home;
  private final Process process;
  private final BidiConnection connection;
  private final List<FirefoxTab> tabs = new ArrayList<>();
  private final Queue<String> errors = new ConcurrentLinkedQueue<>();

  public Firefox() throws IOException {
    home = Files.createTempDirectory("firefox");
    Path profile = Files.createDirectory(home.resolve("profile"));
    Files.writeString(profile.resolve("user.js"), PREFERENCES);
    ProcessBuilder builder =
        new ProcessBuilder(
            "firefox",
            "--headless",
            "--no-remote",
            "--profile",
            profile.toString(),
            "--remote-debugging-port",
            "0",
            "about:blank");
    builder.environment().put("HOME", home.toString()); // caches, settings: all in one place
    process = builder.redirectErrorStream(true).start();
    connection = new BidiConnection(URI.create(address() + "/session"), this::heard);
    connection.send(
        "session.new",
        Json.createObjectBuilder().add("capabilities", JsonValue.EMPTY_JSON_OBJECT).build());
    connection.send(
        "session.subscribe",
        Json.createObjectBuilder()
            .add("events", Json.createArrayBuilder().add("log.entryAdded"))
            .build());
  }

  /** Waits until it says where it listens, and goes on to read what it says, so that it can. */
  private String address() {
    CompletableFuture<String> address = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
                StringBuilder said = new StringBuilder();
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  said.append(line).append('\n');
                  if (line.startsWith(READY)) {
                    address.complete(line.substring(READY.length()));
                  }
                }
                address.completeExceptionally(new IOException("it ended: " + said));
              } catch (IOException failure) {
                throw new UncheckedIOException(failure);
              }
            },
            "firefox output");
    reader.setDaemon(true);
    reader.start();
    try {
      return address.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException failure) {
      process.destroyForcibly();
      throw new AssertionError("firefox did not start: " + failure, failure);
    }
  }

  /** A tab of 1280 x 800 in which {@code scripts} run before those of each page. */
  public FirefoxTab newTab(String... scripts) {
    FirefoxTab tab = new FirefoxTab(connection, scripts);
    tabs.add(tab);
    return tab;
  }

  /** Closes all tabs. */
  public void closeTabs() {
    tabs.forEach(FirefoxTab::close);
    tabs.clear();
  }

  /** What pages said on the console as errors, and what they threw, since the last call. */
  public List<String> takeErrors() {
    List<String> taken = List.copyOf(errors);
    errors.clear();
    return taken;
  }

  private void heard(JsonObject event) {
    JsonObject entry = event.getJsonObject("params");
    if (entry.getString("level", "").equals("error")) {
      errors.add(entry.getString("text", ""));
    }
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> children = process.descendants().toList();
    connection.close();
    process.toHandle().destroy(); // Process.destroy() would close the pipe under its reader
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
    children.forEach(ProcessHandle::destroyForcibly);
    children.forEach(child -> child.onExit().join());
    try (Stream<Path> all = Files.walk(home)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
