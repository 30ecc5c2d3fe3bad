package dev.zoetrope.relay;

import static dev.zoetrope.relay.RelayMessage.CARD;
import static dev.zoetrope.relay.RelayMessage.JOIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source.Relay.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FollowingTest {
  private static final String NAME = "mpeg1";
  private static final long FRAME = 40_000;

  private final FakeUpstream first = new FakeUpstream("first");
  private final FakeUpstream second = new FakeUpstream("second");
  private final List<String> told = new ArrayList<>();
  private final Log log = new Log();
  private long nanos;
  private final Following following =
      new Following(FakeUpstream.GATE, Form.RENDITIONS, List.of(first, second), () -> nanos);

  /** Knows each fragment by run and sequence of where it was made, as the next node would. */
  private static final class Log implements Sink<Fragment> {
    final List<String> lines = new ArrayList<>();
    final List<Long> pts = new ArrayList<>();
    private Run run;
    private long count;

    @Override
    public void begin(Run begun) {
      run = begun;
      lines.add("run " + begun.relaying().id());
    }

    @Override
    public void accept(Fragment fragment) {
      lines.add("" + (count + run.relaying().ahead()));
      pts.add(fragment.ptsMicros());
      count++;
    }
  }

  private void pass(long millis) {
    nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    following.choose();
  }

  private void send(FakeUpstream from, long run, long sequence, int flags)
      throws MalformedMediaException {
    from.fragment(NAME, run, sequence, flags, 1_000_000 + sequence * FRAME);
  }

  @Test
  void takesEachFragmentOnceWhoeverBringsIt() throws MalformedMediaException {
    Inflow inflow = following.begin(NAME, log, 0);
    first.init(NAME, 7, 100);
    send(first, 7, 100, JOIN);
    send(first, 7, 101, 0);
    second.want(FakeUpstream.GATE, NAME, first.wanted.get(NAME)); // as during a handover
    second.init(NAME, 7, 100);
    send(second, 7, 100, JOIN);
    send(second, 7, 101, 0);
    send(second, 7, 102, 0);
    send(first, 7, 102, 0);
    send(first, 7, 103, 0);

    assertThat(log.lines).containsExactly("run 7", "100", "101", "102", "103");
    following.end(NAME, inflow);
  }

  @Test
  void goesOnWithTheSpareWhereTheFirstOneFails() throws MalformedMediaException {
    following.begin(NAME, log, 0);
    first.init(NAME, 7, 100);
    send(first, 7, 100, JOIN);
    send(first, 7, 101, 0);
    assertThat(second.wanted).isEmpty();

    first.isUp = false;
    first.changed();

    assertThat(second.wanted).containsKey(NAME);
    second.init(NAME, 7, 100);
    send(second, 7, 100, JOIN);
    send(second, 7, 101, 0);
    send(second, 7, 102, 0);
    assertThat(log.lines).containsExactly("run 7", "100", "101", "102");
  }

  @Test
  void aGapIsEnteredAtAJoinPointAndCounted() throws MalformedMediaException {
    following.begin(NAME, log, 0);
    first.init(NAME, 7, 100);
    send(first, 7, 100, JOIN);
    send(first, 7, 103, 0);
    send(first, 7, 104, 0);
    send(first, 7, 105, JOIN);
    send(first, 7, 106, 0);

    assertThat(log.lines).containsExactly("run 7", "100", "run 7", "105", "106");
    assertThat(first.lost).isEqualTo(4);
  }

  @Test
  void neverGoesBackToAnEarlierRunOfTheSameNode() throws MalformedMediaException {
    following.begin(NAME, log, 0);
    first.init(NAME, 7, 100);
    send(first, 7, 100, JOIN);
    first.init(NAME, 6, 900);
    send(first, 6, 900, JOIN);
    first.init(NAME, 7, 100);
    send(first, 7, 100, JOIN);
    send(first, 7, 101, 0);

    assertThat(log.lines).containsExactly("run 7", "100", "101");
  }

  @Test
  void timesGoOnWhereTheMakersBeginAnew() throws MalformedMediaException {
    following.begin(NAME, log, 0);
    first.init(NAME, 7, 0);
    first.fragment(NAME, 7, 0, JOIN, 500_000_000);
    nanos += 2_000_000_000L;
    first.init(NAME, 8, 0);
    first.fragment(NAME, 8, 0, JOIN, 10_000_000);
    first.fragment(NAME, 8, 1, 0, 10_040_000);

    assertThat(log.pts).containsExactly(500_000_000L, 502_000_000L, 502_040_000L);
  }

  @Test
  void anotherMakersRunIsTakenAlthoughItBeganEarlier() throws MalformedMediaException {
    following.begin(NAME, log, 0);
    first.init(NAME, 7, 100);
    send(first, 7, 100, JOIN);
    second.path = List.of("n-other");
    first.isUp = false;
    first.changed();
    second.init(NAME, 3, 5);
    send(second, 3, 5, JOIN);

    assertThat(log.lines).containsExactly("run 7", "100", "run 3", "5");
  }

  @Test
  void leavesAtOnceWhatHasNoPictureForWhatHas() {
    following.begin(NAME, log, 0);
    assertThat(first.wanted).containsKey(NAME);

    first.state = "stalled";
    first.changed();

    assertThat(second.wanted).containsKey(NAME);
  }

  @Test
  void whatStillSendsGoesOnWhereItIsChosenAgain() throws MalformedMediaException {
    following.begin(NAME, log, 0);
    first.init(NAME, 7, 100);
    send(first, 7, 100, JOIN);
    first.state = "stalled";
    first.changed();
    first.state = "live";
    second.state = "stalled";
    second.changed();
    send(first, 7, 101, 0);
    first.changed();

    assertThat(first.withdrawals).isZero();
    assertThat(second.wanted).isEmpty();
    assertThat(log.lines).containsExactly("run 7", "100", "101");
  }

  @Test
  void comesBackToThePreferredOneAfterAWhileWithBothSending() throws MalformedMediaException {
    first.isUp = false;
    first.changed();
    following.begin(NAME, log, 0);
    second.init(NAME, 7, 100);
    send(second, 7, 100, JOIN);
    pass(4000); // whoever has come meanwhile has been awaited
    assertThat(second.wanted).containsKey(NAME);

    first.isUp = true;
    first.changed();
    pass(100);
    assertThat(first.wanted).as("not at once").isEmpty();
    pass(3100);
    send(second, 7, 101, 0);

    assertThat(first.wanted).containsKey(NAME);
    assertThat(second.wanted).as("until the other brings something").containsKey(NAME);
    first.init(NAME, 7, 100);
    send(first, 7, 100, JOIN);
    pass(100);
    assertThat(second.wanted).isEmpty();
    send(first, 7, 101, 0);
    send(first, 7, 102, 0);
    assertThat(log.lines).containsExactly("run 7", "100", "101", "102");
  }

  @Test
  void leavesAWayByWhichPicturesAreOldForAnotherAndRemembersIt() throws MalformedMediaException {
    following.begin(NAME, log, 0);
    first.ageMicros = 900_000;
    pass(5000);
    assertThat(second.wanted).as("young enough").isEmpty();

    first.ageMicros = 2_500_000;
    pass(100);
    assertThat(second.wanted).as("not at once").isEmpty();
    pass(3100);
    assertThat(second.wanted).containsKey(NAME);
    second.init(NAME, 7, 100);
    send(second, 7, 100, JOIN);
    pass(100);
    assertThat(first.wanted).isEmpty();

    first.ageMicros = -1; // as nothing comes by it
    second.ageMicros = 20_000;
    pass(50_000);
    assertThat(first.wanted).as("it was too slow not long ago").isEmpty();
    pass(15_000);
    pass(3100);
    assertThat(first.wanted).as("tried again").containsKey(NAME);
  }

  @Test
  void staysWhereAllWaysAreSlow() throws MalformedMediaException {
    following.begin(NAME, log, 0);
    first.ageMicros = 3_000_000;
    second.ageMicros = 3_000_000;

    pass(10_000);

    assertThat(second.wanted).isEmpty();
  }

  @Test
  void goesElsewhereWhenTheOriginIsAboutToStop() {
    following.begin(NAME, log, 0);
    first.isDraining = true;
    first.changed();

    assertThat(second.wanted).containsKey(NAME);
  }

  @Test
  void tellsCardsOfTheOriginFromTheSource() throws MalformedMediaException {
    Inflow inflow = following.begin(NAME, log, 0);
    first.init(NAME, 7, 0);
    first.fragment(NAME, 7, 0, JOIN, 1000);
    first.fragment(NAME, 7, 1, 0, 2000);
    first.init(NAME, 8, 2);
    first.fragment(NAME, 8, 2, JOIN | CARD, 3000);
    assertThat(inflow.isOfSource(2000)).isTrue();
    assertThat(inflow.isOfSource(3000)).isFalse();

    first.init(NAME, 9, 3);
    first.fragment(NAME, 9, 3, JOIN, 4000);
    assertThat(inflow.isOfSource(4000)).isTrue();
    assertThat(inflow.isOfSource(3500)).isFalse();
  }

  @Test
  void sourceWhoseJoinPointIsOlderThanTheCardIsNoCard() throws MalformedMediaException {
    Inflow inflow = following.begin(NAME, log, 0);
    first.init(NAME, 7, 0);
    first.fragment(NAME, 7, 0, JOIN, 1000);
    first.init(NAME, 8, 1);
    first.fragment(NAME, 8, 1, JOIN | CARD, 3000);

    first.init(NAME, 9, 2);
    first.fragment(NAME, 9, 2, JOIN, 2500);
    first.fragment(NAME, 9, 3, 0, 4000);

    assertThat(inflow.isOfSource(2500)).isTrue();
    assertThat(inflow.isOfSource(4000)).isTrue();
  }

  @Test
  void saysOfEachOriginWhyItIsNotThere() {
    first.isUp = false;
    second.hasSource = false;
    first.changed();
    pass(2000);

    assertThat(following.unfitNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(2));
    assertThat(following.cause())
        .isEqualTo("first:8080: it does not answer; second:8080: it has no source gate");
  }

  @Test
  void tellsWhoWatchesThatTheOriginOffersSomethingElse() {
    following.watch(() -> told.add(following.offer().map(Offer::state).orElse("none")));
    first.state = "starting";
    first.changed();
    first.changed();

    assertThat(told).containsExactly("starting");
  }
}
