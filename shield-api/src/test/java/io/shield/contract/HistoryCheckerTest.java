package io.shield.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.history.HistoryChecker;
import io.shield.fixtures.history.HistoryChecker.Invariant;
import io.shield.fixtures.history.HistoryEvent;
import io.shield.fixtures.history.HistoryEvent.Accepted;
import io.shield.fixtures.history.HistoryEvent.Alarm;
import io.shield.fixtures.history.HistoryEvent.Asked;
import io.shield.fixtures.history.HistoryEvent.At;
import io.shield.fixtures.history.HistoryEvent.AuditRead;
import io.shield.fixtures.history.HistoryEvent.Content;
import io.shield.fixtures.history.HistoryEvent.DataLost;
import io.shield.fixtures.history.HistoryEvent.Held;
import io.shield.fixtures.history.HistoryEvent.Left;
import io.shield.fixtures.history.HistoryEvent.Line;
import io.shield.fixtures.history.HistoryEvent.NewEpoch;
import io.shield.fixtures.history.HistoryEvent.Refused;
import io.shield.fixtures.history.HistoryEvent.Saw;
import io.shield.fixtures.history.HistoryEvent.Unknown;
import io.shield.fixtures.history.HistoryEvent.Wanted;
import io.shield.fixtures.history.Marks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The checker accepts small good histories, and names the invariant that a bad one breaks. All
 * begin with the same story: a route is set at revision 2, a note written at 3, and of two that
 * rewrite it one wins at 4.
 */
class HistoryCheckerTest {
  private static final String ROUTE = "state GET:/a";
  private static final String OTHER_ROUTE = "state GET:/b";
  private static final String NOTE = "document note";

  private static final Content ROUTE_AT_2 = new Content(2, "n1#0");
  private static final Map<String, Content> AT_1 = Map.of();
  private static final Map<String, Content> AT_2 = Map.of(ROUTE, ROUTE_AT_2);
  private static final Map<String, Content> AT_3 =
      Map.of(ROUTE, ROUTE_AT_2, NOTE, new Content(3, "n2#0"));
  private static final Map<String, Content> AT_4 =
      Map.of(ROUTE, ROUTE_AT_2, NOTE, new Content(4, "n1#1"));

  private static At at(long revision) {
    return new At("e1", revision, "c" + revision);
  }

  private static Saw saw(String node, At at, Map<String, Content> documents) {
    return new Saw(node, at, Marks.digest(documents));
  }

  private static Line line(String op, String route, long revision) {
    return new Line("entry of " + op, revision, route, op);
  }

  private static AuditRead audit(At at, Line... lines) {
    return new AuditRead(HistoryEvent.STORE, at, 0, List.of(lines));
  }

  private static Wanted route(String route, String op) {
    return new Wanted(route, null, op, true);
  }

  private static Wanted note(long expected, String op) {
    return new Wanted(NOTE, expected, op, false);
  }

  /** Somebody asks for a change and is told that it was made. */
  private static List<HistoryEvent> made(String op, long revision, Wanted... wanted) {
    String node = op.substring(0, 2);
    return List.of(new Asked(node, op, List.of(wanted)), new Accepted(node, op, "e1", revision));
  }

  private static List<HistoryEvent> ofUnknownOutcome(String op, Wanted... wanted) {
    String node = op.substring(0, 2);
    return List.of(new Asked(node, op, List.of(wanted)), new Unknown(node, op, "no answer"));
  }

  private static List<HistoryEvent> refused(String op, Wanted... wanted) {
    String node = op.substring(0, 2);
    return List.of(
        new Asked(node, op, List.of(wanted)), new Refused(node, op, true, "a later version"));
  }

  /** What happens up to revision 4, without how it ends. */
  private static List<HistoryEvent> story() {
    List<HistoryEvent> story = new ArrayList<>();
    for (String node : List.of("n1", "n2")) {
      story.add(saw(node, at(1), AT_1));
      story.add(saw(node, at(3), AT_3));
      story.add(saw(node, at(4), AT_4));
    }
    story.addAll(made("n1#0", 2, route(ROUTE, "n1#0")));
    story.addAll(made("n2#0", 3, note(0, "n2#0")));
    story.addAll(made("n1#1", 4, note(3, "n1#1")));
    story.addAll(refused("n2#1", note(3, "n2#1")));
    return story;
  }

  /** Everybody holds the same in the end, and the audit log tells of the routes. */
  private static List<HistoryEvent> end(At at, Map<String, Content> documents, Line... lines) {
    return List.of(
        new Held("n1", at, documents),
        new Held("n2", at, documents),
        new Held(HistoryEvent.STORE, at, documents),
        audit(at, lines));
  }

  /** The like in an epoch that began there: what was told before is in the one before. */
  private static List<HistoryEvent> endOfNewEpoch(At at, Map<String, Content> documents) {
    List<HistoryEvent> end = new ArrayList<>(end(at, documents));
    end.set(3, new AuditRead(HistoryEvent.STORE, at, at.revision(), List.of()));
    return end;
  }

  private static List<HistoryEvent> end() {
    return end(at(4), AT_4, line("n1#0", ROUTE, 2));
  }

  @SafeVarargs
  private static List<HistoryEvent> history(List<? extends HistoryEvent>... parts) {
    List<HistoryEvent> history = new ArrayList<>();
    for (List<? extends HistoryEvent> part : parts) {
      history.addAll(part);
    }
    return history;
  }

  private static void assertGood(List<HistoryEvent> history) {
    assertThat(HistoryChecker.check(history)).isEmpty();
  }

  private static void assertBroken(List<HistoryEvent> history, Invariant... broken) {
    assertThat(HistoryChecker.check(history)).containsOnlyKeys(broken);
  }

  @ParameterizedTest
  @EnumSource
  void theStoryIsGood(Invariant invariant) {
    assertThat(HistoryChecker.check(history(story(), end()))).doesNotContainKey(invariant);
  }

  @Test
  void anOperationIsAskedForAndAnsweredOnce() {
    Accepted again = new Accepted("n1", "n1#1", "e1", 4);
    assertBroken(history(story(), List.of(again), end()), Invariant.WELL_FORMED);

    Accepted neverAsked = new Accepted("n1", "n1#9", "e1", 4);
    assertBroken(history(story(), List.of(neverAsked), end()), Invariant.WELL_FORMED);

    Asked askedAgain = new Asked("n2", "n2#1", List.of(note(3, "n2#1")));
    assertBroken(history(story(), List.of(askedAgain), end()), Invariant.WELL_FORMED);
  }

  @Test
  void copiesEqualTheStoreInTheEnd() {
    List<HistoryEvent> late = List.of(saw("n3", at(3), AT_3));
    Held behind = new Held("n3", at(3), AT_3);
    assertBroken(history(story(), late, List.of(behind), end()), Invariant.COPIES_EQUAL_STORE);
    assertBroken(history(story(), late, end()), Invariant.COPIES_EQUAL_STORE);
    assertBroken(history(story()), Invariant.COPIES_EQUAL_STORE, Invariant.ACKNOWLEDGED_IS_PRESENT);

    assertGood(history(story(), late, List.of(new Left("n3")), end()));
    assertGood(history(story(), late, List.of(new Held("n3", at(4), AT_4)), end()));
  }

  @Test
  void copiesWithTheStoresHeadHaveItsContent() {
    Held other = new Held("n3", at(4), AT_3);
    assertBroken(
        history(story(), List.of(saw("n3", at(4), AT_3), other), end()),
        Invariant.COPIES_EQUAL_STORE,
        Invariant.ONE_CONTENT_PER_HEAD);
  }

  @Test
  void noReaderGoesBack() {
    List<HistoryEvent> back = List.of(saw("n2", at(3), AT_3), saw("n2", at(4), AT_4));
    assertBroken(history(story(), back, end()), Invariant.NO_READER_GOES_BACK);

    List<HistoryEvent> endsEarlier = history(story(), List.of(saw("n2", at(5), AT_4)), end());
    assertBroken(endsEarlier, Invariant.NO_READER_GOES_BACK);

    assertGood(history(story(), List.of(saw("n2", at(4), AT_4)), end()));
  }

  @Test
  void aReaderFollowsOnlyAnEpochThatAnOperatorBegan() {
    At renewed = new At("e2", 6, "d6");
    List<HistoryEvent> followed = List.of(saw("n1", renewed, AT_4), saw("n2", renewed, AT_4));
    List<HistoryEvent> ended = endOfNewEpoch(renewed, AT_4);
    NewEpoch reseeded = new NewEpoch(HistoryEvent.STORE, "e2", at(4), true);
    assertGood(history(story(), end(), List.of(reseeded), followed, ended));

    assertBroken(
        history(story(), end(), followed, ended),
        Invariant.NO_READER_GOES_BACK,
        Invariant.ACKNOWLEDGED_IS_PRESENT);

    List<HistoryEvent> returns = List.of(saw("n1", at(4), AT_4), saw("n1", renewed, AT_4));
    assertBroken(
        history(story(), end(), List.of(reseeded), followed, returns, ended),
        Invariant.NO_READER_GOES_BACK);
  }

  @Test
  void oneHeadHasOneContent() {
    List<HistoryEvent> other = List.of(saw("n3", at(2), AT_2), saw("n3", at(3), AT_2));
    List<HistoryEvent> left = List.of(new Left("n3"));
    assertBroken(history(story(), other, left, end()), Invariant.ONE_CONTENT_PER_HEAD);

    List<HistoryEvent> otherCommit = List.of(saw("n3", new At("e1", 3, "x3"), AT_3));
    assertBroken(history(story(), otherCommit, left, end()), Invariant.ONE_CONTENT_PER_HEAD);

    assertGood(history(story(), List.of(saw("n3", at(3), AT_3)), left, end()));
  }

  @Test
  void anAcknowledgedChangeIsPresentOrSuperseded() {
    Wanted wanted = route(ROUTE, "n2#2");
    Line told = line("n1#0", ROUTE, 2);
    Line toldLater = line("n2#2", ROUTE, 5);
    Map<String, Content> present = Map.of(ROUTE, new Content(5, "n2#2"), NOTE, AT_4.get(NOTE));
    Map<String, Content> superseded = Map.of(ROUTE, new Content(6, "n1#2"), NOTE, AT_4.get(NOTE));

    assertGood(history(story(), made("n2#2", 5, wanted), end(at(5), present, told, toldLater)));
    assertGood(
        history(
            story(),
            made("n2#2", 5, wanted),
            made("n1#2", 6, route(ROUTE, "n1#2")),
            end(at(6), superseded, told, toldLater, line("n1#2", ROUTE, 6))));

    assertBroken(
        history(story(), made("n2#2", 5, wanted), end()), Invariant.ACKNOWLEDGED_IS_PRESENT);
    assertBroken(
        history(story(), made("n1#2", 5, note(4, "n1#2")), end(at(5), AT_4, told)),
        Invariant.ACKNOWLEDGED_IS_PRESENT);
  }

  @Test
  void anAcknowledgedDeletionIsDone() {
    Wanted deletion = new Wanted(NOTE, 4L, null, false);
    Line told = line("n1#0", ROUTE, 2);
    assertGood(history(story(), made("n1#2", 0, deletion), end(at(5), AT_2, told)));
    assertBroken(
        history(story(), made("n1#2", 0, deletion), end(at(5), AT_4, told)),
        Invariant.ACKNOWLEDGED_IS_PRESENT);
    assertBroken(history(story(), end(at(5), AT_2, told)), Invariant.ACKNOWLEDGED_IS_PRESENT);
  }

  @Test
  void whatAnOperatorGivesUpMayBeLost() {
    At renewed = new At("e2", 6, "d6");
    Held dump = new Held(HistoryEvent.STORE, at(3), AT_3);
    List<HistoryEvent> toldOnce = List.of(dump, audit(at(3), line("n1#0", ROUTE, 2)));
    List<HistoryEvent> followed = List.of(saw("n1", renewed, AT_3), saw("n2", renewed, AT_3));
    NewEpoch adopted = new NewEpoch(HistoryEvent.STORE, "e2", at(3), false);
    NewEpoch reseeded = new NewEpoch(HistoryEvent.STORE, "e2", at(4), true);
    List<HistoryEvent> ended = endOfNewEpoch(renewed, AT_3);
    assertGood(history(toldOnce, story(), List.of(adopted), followed, ended));
    assertBroken(
        history(toldOnce, story(), List.of(reseeded), followed, ended),
        Invariant.ACKNOWLEDGED_IS_PRESENT);
  }

  @Test
  void aRefusedChangeLeavesNoTrace() {
    Line trace = line("n2#2", ROUTE, 5);
    Map<String, Content> changed = Map.of(ROUTE, new Content(5, "n2#2"), NOTE, AT_4.get(NOTE));
    assertBroken(
        history(
            story(),
            refused("n2#2", route(ROUTE, "n2#2")),
            end(at(5), changed, line("n1#0", ROUTE, 2), trace)),
        Invariant.OUTCOMES_ARE_TRUE);
    assertBroken(
        history(story(), end(at(5), changed, line("n1#0", ROUTE, 2), trace)),
        Invariant.OUTCOMES_ARE_TRUE);
    assertGood(history(story(), refused("n2#2", route(ROUTE, "n2#2")), end()));
  }

  @Test
  void aChangeOfUnknownOutcomeHappensOnceOrNever() {
    List<HistoryEvent> unknown = ofUnknownOutcome("n2#2", route(ROUTE, "n2#2"));
    Line first = line("n1#0", ROUTE, 2);
    Line second = new Line("1", 5, ROUTE, "n2#2");
    Line third = new Line("2", 6, ROUTE, "n2#2");
    Map<String, Content> at5 = Map.of(ROUTE, new Content(5, "n2#2"), NOTE, AT_4.get(NOTE));
    Map<String, Content> at6 = Map.of(ROUTE, new Content(6, "n2#2"), NOTE, AT_4.get(NOTE));
    assertGood(history(story(), unknown, end()));
    assertGood(history(story(), unknown, end(at(5), at5, first, second)));
    assertBroken(
        history(story(), unknown, end(at(6), at6, first, second, third)),
        Invariant.OUTCOMES_ARE_TRUE);
  }

  @Test
  void aChangeIsMadeAsAWhole() {
    List<HistoryEvent> unknown =
        ofUnknownOutcome("n2#2", route(ROUTE, "n2#2"), route(OTHER_ROUTE, "n2#2"));
    Content written = new Content(5, "n2#2");
    Line first = line("n1#0", ROUTE, 2);
    Line second = new Line("1", 5, ROUTE, "n2#2");
    Line third = new Line("2", 5, OTHER_ROUTE, "n2#2");
    Map<String, Content> whole = Map.of(ROUTE, written, OTHER_ROUTE, written, NOTE, AT_4.get(NOTE));
    Map<String, Content> half = Map.of(ROUTE, written, NOTE, AT_4.get(NOTE));
    assertGood(history(story(), unknown, end(at(5), whole, first, second, third)));
    assertBroken(
        history(story(), unknown, end(at(5), half, first, second)), Invariant.OUTCOMES_ARE_TRUE);
  }

  @Test
  void ofManyWritersOnOneVersionOneWins() {
    Map<String, Content> at5 = Map.of(ROUTE, ROUTE_AT_2, NOTE, new Content(5, "n2#2"));
    Line told = line("n1#0", ROUTE, 2);
    assertGood(history(story(), made("n2#2", 5, note(4, "n2#2")), end(at(5), at5, told)));
    assertBroken(
        history(story(), made("n2#2", 5, note(3, "n2#2")), end(at(5), at5, told)),
        Invariant.ONE_WINNER_PER_VERSION);
  }

  @Test
  void whoIsRefusedForAVersionLostToSomebody() {
    assertBroken(
        history(story(), refused("n2#2", note(4, "n2#2")), end()),
        Invariant.ONE_WINNER_PER_VERSION);
  }

  @Test
  void everyCommitOfARouteIsInTheAuditLog() {
    assertBroken(history(story(), end(at(4), AT_4)), Invariant.AUDIT_MATCHES_COMMITS);

    Map<String, Content> at5 = Map.of(ROUTE, new Content(5, "n2#2"), NOTE, AT_4.get(NOTE));
    List<HistoryEvent> unknown = ofUnknownOutcome("n2#2", route(ROUTE, "n2#2"));
    assertBroken(
        history(story(), unknown, end(at(5), at5, line("n1#0", ROUTE, 2))),
        Invariant.AUDIT_MATCHES_COMMITS);
  }

  @Test
  void everyEntryOfTheAuditLogHasItsCommit() {
    List<HistoryEvent> unknown = ofUnknownOutcome("n2#2", route(ROUTE, "n2#2"));
    Line told = line("n1#0", ROUTE, 2);
    assertBroken(
        history(story(), unknown, end(at(4), AT_4, told, line("n2#2", ROUTE, 4))),
        Invariant.AUDIT_MATCHES_COMMITS);
    assertBroken(
        history(story(), unknown, end(at(4), AT_4, told, line("n2#2", OTHER_ROUTE, 4))),
        Invariant.AUDIT_MATCHES_COMMITS);
    assertBroken(history(story(), end(at(4), AT_4, told, told)), Invariant.AUDIT_MATCHES_COMMITS);
  }

  @Test
  void everyNodeSaysThatItsStoreLostData() {
    DataLost lost = new DataLost(HistoryEvent.STORE, "emptied", List.of("n1", "n2"));
    Alarm first = new Alarm("n1", "older");
    Alarm second = new Alarm("n2", "older");
    assertGood(history(story(), List.of(lost, first, second), end()));
    assertBroken(history(story(), List.of(lost, first), end()), Invariant.LOST_DATA_RAISES_ALARM);
    assertBroken(
        history(story(), List.of(first, second, lost), end()), Invariant.LOST_DATA_RAISES_ALARM);
  }
}
