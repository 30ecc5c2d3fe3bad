package dev.zoetrope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whether docs/THIRD-PARTY.md tells all that travels in the WAR, and under which licence. */
@Tag("any-door")
class LicencesIT {
  /** Fit to travel with us, by the words that libraries use for them. Nothing else is. */
  private static final Map<String, String> KNOWN =
      Map.ofEntries(
          Map.entry("(?is).*apache.*licen[sc]e.*2.*", "Apache-2.0"),
          Map.entry("(?is).*\"?Apache-2\\.0\"?.*", "Apache-2.0"),
          Map.entry("(?is).*opensource.org/licenses?/mit.*", "MIT"),
          Map.entry("MIT", "MIT"),
          Map.entry("(?is).*BSD[ -]2-Clause.*", "BSD-2-Clause"),
          Map.entry("(?is).*github.com/haraldk/TwelveMonkeys#license", "BSD-3-Clause"),
          Map.entry("(?is).*(CC0|creativecommons.org/publicdomain/zero).*", "CC0-1.0"),
          Map.entry("(?is).*(Eclipse Public License|EPL)[ -]?(v. )?2.*", "EPL-2.0"),
          Map.entry(
              "(?is)(GPL2 w/ CPE|.*secondary-gpl-2\\.0-cp|GNU General Public License, version 2 with the GNU Classpath.*)",
              "GPL-2.0 with Classpath exception"));

  private static final Pattern ROW = Pattern.compile("\\| .* \\| (`.*`) \\| (.*) \\|");
  private static final Pattern FILE = Pattern.compile("`([^`]+)`");
  private static final Pattern POM_LICENCE =
      Pattern.compile("<license>.*?<name>(.*?)</name>.*?</license>", Pattern.DOTALL);

  /** What is told of each file: its licences. */
  private static Map<String, String> told() throws IOException {
    Map<String, String> told = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("docs/THIRD-PARTY.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        FILE.matcher(row.group(1)).results().forEach(file -> told.put(file.group(1), row.group(2)));
      }
    }
    return told;
  }

  /** What is there: each library, with the licences that it says itself. */
  private static Map<String, Set<String>> there() throws IOException {
    Map<String, Set<String>> there = new TreeMap<>();
    try (ZipFile war = new ZipFile(TestServer.war().toFile())) {
      for (ZipEntry entry : Collections.list(war.entries())) {
        if (entry.getName().matches("WEB-INF/(lib/.*\\.jar|launcher/.*\\.lib)")) {
          String name = entry.getName().replaceAll(".*/|\\.(jar|lib)$", "");
          try (InputStream in = war.getInputStream(entry)) {
            there.put(name, licences(in));
          }
        }
      }
    }
    JsonObject scripts = json(Path.of("package.json")).getJsonObject("dependencies");
    for (String name : scripts.keySet()) {
      JsonObject own = json(Path.of("node_modules", name, "package.json"));
      there.put(name + "-" + own.getString("version"), Set.of(own.getString("license")));
    }
    return there;
  }

  private static JsonObject json(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file)) {
      return Json.createReader(reader).readObject();
    }
  }

  /** By its POM, its manifest, or else the first lines of its licence file. */
  private static Set<String> licences(InputStream jar) throws IOException {
    Set<String> said = new LinkedHashSet<>();
    Set<String> files = new LinkedHashSet<>();
    ZipInputStream entries = new ZipInputStream(jar);
    for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
      String name = entry.getName();
      if (name.matches("META-INF/maven/.*/pom\\.xml")) {
        POM_LICENCE.matcher(text(entries)).results().forEach(found -> said.add(found.group(1)));
      } else if (name.equals("META-INF/MANIFEST.MF")) {
        Matcher line = // continued lines begin with a blank
            Pattern.compile("(?m)^Bundle-License: (.*)$")
                .matcher(text(entries).replaceAll("\r?\n ", ""));
        if (line.find()) {
          said.addAll(Set.of(line.group(1).strip().split(", +")));
        }
      } else if (name.matches("META-INF/LICENSE(\\.txt|\\.md)?")) {
        files.add(text(entries).strip().lines().limit(3).reduce("", (a, b) -> a + " " + b.strip()));
      }
    }
    return said.isEmpty() ? files : said;
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), UTF_8);
  }

  @Test
  void allThatTravelsIsToldAndNothingElse() throws Exception {
    assertThat(told().keySet()).isEqualTo(there().keySet());
    assertThat(there().size()).isGreaterThan(30);
  }

  @Test
  void eachSaysALicenceThatIsFitAndTheOneThatIsTold() throws Exception {
    Map<String, String> told = told();
    Map<String, Set<String>> wrong = new LinkedHashMap<>();
    there()
        .forEach(
            (name, said) -> {
              Set<String> own = new TreeSet<>();
              said.forEach(words -> own.add(known(words)));
              boolean isFit =
                  !own.isEmpty() && own.stream().allMatch(told.getOrDefault(name, "")::contains);
              if (!isFit) {
                wrong.put(name + " (told: " + told.get(name) + ")", said);
              }
            });

    assertThat(wrong).isEmpty();
  }

  private static String known(String words) {
    return KNOWN.entrySet().stream()
        .filter(entry -> words.strip().matches(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("unknown: " + words);
  }
}
