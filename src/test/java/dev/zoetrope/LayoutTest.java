package dev.zoetrope;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of packages in docs/ARCHITECTURE.md, as rules. */
class LayoutTest {
  private static final String ROOT = "dev.zoetrope.";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.zoetrope");

  /** Rooms separated by spaces; what has a dot is a package of a library. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "media,   ''",
    "format,  media",
    "feed,    media jdk.jfr..",
    "capture, media format feed jdk.jfr.. net.bramp.ffmpeg.. javax.imageio.. javax.net.ssl.. javax.security.auth.. com.twelvemonkeys..",
    "relay,   media format feed capture cluster jakarta.json.. javax.net.ssl..",
    "cluster, media format feed capture",
    "channel, media format feed capture relay cluster access jdk.jfr..",
    "publish, media format capture",
    "onvif,   javax.xml.. org.w3c.dom.. org.xml..",
    "alert,   media capture javax.crypto..",
    "access,  media at.favre.lib.. javax.crypto..",
    "config,  media access capture channel alert org.snakeyaml.engine..",
    "door,    media jakarta.servlet.. org.apache.catalina.. org.apache.coyote.. org.apache.tomcat..",
    "monitor, media capture channel",
    "web,     media access format feed capture channel relay door monitor jakarta..",
    "admin,   media access feed capture channel cluster config onvif alert monitor web jakarta.."
        + " javax.management.. io.micrometer.. io.prometheus..",
    "launch,  org.apache.catalina.. org.apache.coyote.. org.apache.tomcat..",
  })
  void packageUsesOnlyWhatItMay(String room, String others) {
    List<String> allowed = new ArrayList<>(List.of("java..", ROOT + room + ".."));
    for (String other : others.split(" ", -1)) {
      if (!other.isEmpty()) {
        allowed.add(other.contains(".") ? other : ROOT + other + "..");
      }
    }

    classes()
        .that()
        .resideInAPackage(ROOT + room + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed.toArray(String[]::new))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void everyClassIsInAKnownPackage() {
    classes()
        .should()
        .resideInAnyPackage(
            "dev.zoetrope.media..",
            "dev.zoetrope.access..",
            "dev.zoetrope.format..",
            "dev.zoetrope.feed..",
            "dev.zoetrope.capture..",
            "dev.zoetrope.relay..",
            "dev.zoetrope.cluster..",
            "dev.zoetrope.channel..",
            "dev.zoetrope.publish..",
            "dev.zoetrope.onvif..",
            "dev.zoetrope.alert..",
            "dev.zoetrope.access..",
            "dev.zoetrope.monitor..",
            "dev.zoetrope.config..",
            "dev.zoetrope.door..",
            "dev.zoetrope.web..",
            "dev.zoetrope.admin..",
            "dev.zoetrope.app..",
            "dev.zoetrope.launch..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void packagesDependOneWay() {
    slices()
        .matching("dev.zoetrope.(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @ParameterizedTest(name = "{0} only in {1}")
  @CsvSource({
    "jakarta..,              door web admin app relay",
    "net.bramp..,            capture",
    "com.twelvemonkeys..,    capture",
    "org.snakeyaml..,        config",
    "at.favre..,             access",
    "io.micrometer..,        admin",
    "io.prometheus..,        admin",
    "org.apache.catalina..,  launch door",
    "org.apache.coyote..,    launch door",
    "org.apache.tomcat..,    launch door",
  })
  void libraryStaysInItsRooms(String library, String rooms) {
    noClasses()
        .that()
        .resideOutsideOfPackages(packages(rooms))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void processesAreStartedByCaptureAndTheLauncherOnly() { // which asks keytool for a certificate
    noClasses()
        .that()
        .resideOutsideOfPackages(packages("capture launch"))
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ProcessBuilder.class)
        .orShould()
        .callMethodWhere(
            DescribedPredicate.describe(
                "Runtime.exec",
                call ->
                    call.getTargetOwner().isEquivalentTo(Runtime.class)
                        && call.getTarget().getName().equals("exec")))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void nothingWritesToTheConsoleButTheLauncher() {
    noClasses()
        .that()
        .resideOutsideOfPackages(packages("launch"))
        .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  private static String[] packages(String rooms) {
    return List.of(rooms.split(" ", -1)).stream()
        .map(room -> ROOT + room + "..")
        .toArray(String[]::new);
  }
}
