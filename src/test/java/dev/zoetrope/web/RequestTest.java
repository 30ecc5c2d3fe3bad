package dev.zoetrope.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.media.Format;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {
  private static Request of(String json) throws OutcomeException {
    return Request.of(json.replace('\'', '"'));
  }

  @Test
  void leastThatIsSubscribedToIsThePictureAsFmp4() throws OutcomeException {
    assertThat(of("{'type':'subscribe','n':1,'source':'gate'}"))
        .isEqualTo(
            new Request.Subscribe(
                1,
                "gate",
                List.of(Format.FMP4),
                Optional.empty(),
                OptionalInt.empty(),
                Tracks.VIDEO,
                Cards.SHOWN,
                Optional.empty()));
  }

  @Test
  void allThatCanBeSaidOfASubscriptionIsRead() throws OutcomeException {
    assertThat(
            of(
                "{'type':'subscribe','n':65535,'source':'gate','format':['fmp4','mpeg1'],"
                    + "'width':320,'tracks':'both','strict':true,'link':'l.k','more':{'a':[1]}}"))
        .isEqualTo(
            new Request.Subscribe(
                65535,
                "gate",
                List.of(Format.FMP4, Format.MPEG1),
                Optional.empty(),
                OptionalInt.of(320),
                Tracks.BOTH,
                Cards.LEFT_OUT,
                Optional.of("l.k")));
  }

  @Test
  void otherRequestsNameOneOrSeveral() throws OutcomeException {
    assertThat(of("{'type':'pause','n':[1,2,3]}")).isEqualTo(new Request.Pause(List.of(1, 2, 3)));
    assertThat(of("{'type':'resume','n':7}")).isEqualTo(new Request.Resume(List.of(7)));
    assertThat(of("{'type':'unsubscribe','n':[7]}")).isEqualTo(new Request.Unsubscribe(List.of(7)));
  }

  @Test
  void eachNumberCountsAndEachThatIsResumedTakesItsTime() throws OutcomeException {
    Request resume = of("{'type':'resume','n':[1,2,3]}");

    assertThat(resume.weight()).isEqualTo(3);
    assertThat(resume.parts())
        .containsExactly(
            new Request.Resume(List.of(1)),
            new Request.Resume(List.of(2)),
            new Request.Resume(List.of(3)));
    assertThat(resume.takesTime()).isTrue();
    assertThat(of("{'type':'pause','n':[1,2]}").takesTime()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"17", "-3", "0.25", "1e3"})
  void questionForTheTimeKeepsItsNumber(String id) throws OutcomeException {
    Request clock = of("{'type':'clock','id':" + id + "}");

    assertThat(clock)
        .isInstanceOfSatisfying(
            Request.Clock.class,
            asked -> assertThat(asked.id().bigDecimalValue()).isEqualByComparingTo(id));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'type':'later','n':'x'}", "{'type':''}"})
  void typeThatIsNotKnownIsIgnored(String json) throws OutcomeException {
    assertThat(of(json)).isEqualTo(new Request.Unknown());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``| expected an object in JSON",
        "x| expected an object in JSON",
        "[1]| expected an object in JSON",
        "{'type':'clock'| expected an object in JSON",
        "{}| type: expected a text",
        "{'type':7}| type: expected a text of at most 1000 characters",
        "{'type':'clock'}| id: expected a number of at most 40 digits",
        "{'type':'clock','id':'1'}| id: expected a number of at most 40 digits",
        "{'type':'pause'}| n: expected a whole number of 1 to 65535",
        "{'type':'pause','n':0}| n: expected a whole number of 1 to 65535",
        "{'type':'pause','n':65536}| n: expected a whole number of 1 to 65535",
        "{'type':'pause','n':1.5}| n: expected a whole number of 1 to 65535",
        "{'type':'pause','n':1e999999}| n: expected a whole number of 1 to 65535",
        "{'type':'pause','n':'1'}| n: expected a whole number of 1 to 65535",
        "{'type':'pause','n':[1,null]}| n: expected a whole number of 1 to 65535",
        "{'type':'pause','n':[]}| n: expected 1 to 64 numbers, got 0",
        "{'type':'subscribe','source':'a'}| n: expected a whole number of 1 to 65535",
        "{'type':'subscribe','n':1}| source: expected a source's id",
        "{'type':'subscribe','n':1,'source':null}| source: expected a text of at most 1000 characters",
        "{'type':'subscribe','n':1,'source':'a','format':'gif'}|"
            + " format: expected fmp4, mpeg1 or mjpeg, got \"gif\"",
        "{'type':'subscribe','n':1,'source':'a','format':['fmp4','x']}|"
            + " format: expected fmp4, mpeg1 or mjpeg, got \"x\"",
        "{'type':'subscribe','n':1,'source':'a','format':[]}| format: expected 1 to 10 texts, got 0",
        "{'type':'subscribe','n':1,'source':'a','format':[7]}| format: expected texts",
        "{'type':'subscribe','n':1,'source':'a','tracks':'all'}|"
            + " tracks: expected video, audio or both, got \"all\"",
        "{'type':'subscribe','n':1,'source':'a','format':'mjpeg','tracks':'both'}|"
            + " tracks: expected video, as mjpeg has no sound",
        "{'type':'subscribe','n':1,'source':'a','format':'mpeg1','tracks':'audio'}|"
            + " tracks: expected video or both, as mpeg1 has no sound alone",
        "{'type':'subscribe','n':1,'source':'a','width':0}|"
            + " width: expected a whole number of 1 to 99999",
        "{'type':'subscribe','n':1,'source':'a','width':'320'}|"
            + " width: expected a whole number of 1 to 99999",
        "{'type':'subscribe','n':1,'source':'a','width':320,'rendition':'b'}|"
            + " expected rendition or width, got both",
        "{'type':'subscribe','n':1,'source':'a','strict':1}| strict: expected true or false",
        "{'type':'subscribe','n':1,'source':'a','link':7}|"
            + " link: expected a text of at most 1000 characters",
      })
  void mistakeIsAnsweredByWhatWasExpected(String json, String words) {
    assertThatThrownBy(() -> of(json))
        .isInstanceOfSatisfying(
            OutcomeException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.BAD_REQUEST))
        .hasMessageStartingWith(words);
  }

  @Test
  void whatIsLargeOrDeepIsRefused() {
    String digits = "9".repeat(3000);
    for (String json :
        List.of(
            "{'type':'clock','id':" + digits + "}",
            "{'type':'pause','n':" + digits + "}",
            "{'type':'subscribe','n':1,'source':'" + "a".repeat(1001) + "'}",
            "{'a':" + "[".repeat(4000) + "]".repeat(4000) + "}",
            "{'type':'pause','n':[" + "1,".repeat(64) + "1]}")) {
      assertThatThrownBy(() -> of(json))
          .isInstanceOfSatisfying(
              OutcomeException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.BAD_REQUEST));
    }
  }

  private static Query query(String... pairs) {
    Map<String, String> values =
        List.of(pairs).stream()
            .map(pair -> pair.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    return name -> Optional.ofNullable(values.get(name));
  }

  @Test
  void addressSubscribesWithTheSameWords() throws OutcomeException {
    assertThat(
            Request.ofQuery(
                "gate",
                query("format=fmp4,mpeg1", "width=320", "tracks=both", "strict=1", "version=1")))
        .contains(
            new Request.Subscribe(
                1,
                "gate",
                List.of(Format.FMP4, Format.MPEG1),
                Optional.empty(),
                OptionalInt.of(320),
                Tracks.BOTH,
                Cards.LEFT_OUT,
                Optional.empty()));
    assertThat(Request.ofQuery("", query("version=1"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version=2",
        "format=gif",
        "format=",
        "width=x",
        "width=-1",
        "tracks=all",
        "strict=yes"
      })
  void mistakeInTheAddressIsRefused(String pair) {
    assertThatThrownBy(() -> Request.ofQuery("gate", query(pair)))
        .isInstanceOfSatisfying(
            OutcomeException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.BAD_REQUEST))
        .hasMessageContaining("expected");
  }
}
