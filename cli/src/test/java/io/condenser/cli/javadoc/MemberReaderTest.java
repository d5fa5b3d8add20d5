package io.condenser.cli.javadoc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is taken of a file's members and their comments. */
class MemberReaderTest {
  private final List<String> problems = new ArrayList<>();

  @Test
  void aMethodIsItsSentenceItsProseAndItsCode() {
    Member member =
        only(
            """
            package p;
            public class Box {
              /**
               * Puts a thing in. It stays there.
               *
               * @param thing what to keep
               * @return whether there was room
               * @throws FullException if it is full
               * @since 1.0
               * @see Other
               */
              @Deprecated
              public <T extends Comparable<T>> boolean put(final T thing, int[]... sizes) {
                /** Not this one's. */
                return room > 0; // enough
              }
            }
            """);
    assertThat(member.id()).isEqualTo("Box.put(T,int[][])");
    assertThat(member.title()).isEqualTo("Box.put");
    assertThat(member.sentence()).isEqualTo("Puts a thing in.");
    assertThat(member.prose())
        .containsExactly(
            "It stays there.",
            "thing: what to keep.",
            "Returns whether there was room.",
            "Throws FullException if it is full.");
    assertThat(member.code())
        .isEqualTo(
            "public <T extends Comparable<T>> boolean put(final T thing, int[]... sizes)"
                + " { return room > 0; // enough }");
  }

  @Test
  void inlineTagsAndHtmlBecomeWhatTheyShow() {
    Member member =
        only(
            """
            public class A {
              /**
               * Turns {@code List<String>} into a {@link java.util.Map map}, as {@link #b(int)} and
               * {@linkplain A#c} do, if <b>1 &lt; 2</b>&nbsp;holds, {@literal @}once. First
               * paragraph without a stop
               * <p>Second, for example:
               * <pre>a.b(1) = "left out"</pre>
               * <ul><li>Third.</ul>
               */
              public void a() {}
            }
            """);
    assertThat(member.sentence())
        .isEqualTo("Turns List<String> into a map, as b and A.c do, if 1 < 2 holds, @once.");
    assertThat(member.prose()).containsExactly("First paragraph without a stop", "Third.");
  }

  @Test
  void nestedTypesCarryTheirOuterNamesAndAnOutline() {
    List<Member> members =
        read(
            """
            /** Outer type. */
            public interface Outer<E> extends Iterable<E> {
              /** Published without a word. */
              int size();
              /** Inner type. */
              @SuppressWarnings({"a", "b"})
              enum Inner implements Runnable {
                /** A constant. */ ONE;
                /** Runs it. */
                @Override public void run() {}
              }
            }
            """);
    assertThat(members.stream().map(Member::id))
        .containsExactly("Outer", "Outer.size()", "Outer.Inner", "Outer.Inner.run()");
    assertThat(members.getFirst().code())
        .isEqualTo("public interface Outer extends Iterable<E> { size, Inner }");
    assertThat(members.get(2).code()).isEqualTo("enum Inner implements Runnable { ONE, run }");
  }

  @Test
  void membersThatNobodyOutsideSeesAreLeftOut() {
    assertThat(
            read(
                """
                public class A {
                  /** Private. */ private void a() {}
                  /** Package. */ void b() {}
                  /** Field. */ public int c;
                  /** Protected. */ protected A(String d) {}
                  /** Hidden type. */ static class E { /** Its method. */ public void f() {} }
                  public void undocumented() {}
                }
                """))
        .extracting(Member::id)
        .containsExactly("A.new(String)");
  }

  @Test
  void overloadsDifferInTheirParameterTypesAlone() {
    List<Member> members =
        read(
            """
            public class A {
              /** One. */ public void f(java.util.Map<String, int[]> a, @Deprecated long b) {}
              /** Two. */ public void f(java.util.List<java.util.Set<String>> a) {}
            }
            """);
    assertThat(members)
        .extracting(Member::id)
        .containsExactly("A.f(java.util.Map,long)", "A.f(java.util.List)");
    assertThat(members).extracting(Member::overloads).containsOnly("lib/A.java#A.f");
  }

  @Test
  void overloadsThatOnlyABoundTellsApartAreNumbered() {
    assertThat(
            read(
                """
                public class A {
                  /** One. */ public <T extends Number> void f(T a) {}
                  /** Two. */ public <T extends CharSequence> void f(T a) {}
                }
                """))
        .extracting(Member::id)
        .containsExactly("A.f(T)", "A.f(T)~2");
  }

  @Test
  void aCommentWithoutWordsOfItsOwnIsNone() {
    assertThat(
            read(
                """
                public class A {
                  /** {@inheritDoc} */ public void a() {}
                  /** */ public void b() {}
                  /** @see A */ public void c() {}
                }
                """))
        .isEmpty();
  }

  @Test
  void aCommentOfTagsAloneHasProseButNoSentence() {
    Member member = only("public class A { /** @param b the size */ public void a(int b) {} }");
    assertThat(member.sentence()).isEmpty();
    assertThat(member.prose()).containsExactly("b: the size.");
  }

  @Test
  void whatIsDeclaredInABodyIsPartOfTheCodeAround() {
    assertThat(
            read(
                """
                public class A {
                  /** Makes a task. */
                  public Runnable a() {
                    return new Runnable() { /** Runs. */ public void run() {} };
                  }
                }
                """))
        .extracting(Member::code)
        .containsExactly("public Runnable a() { return new Runnable() { public void run() {} }; }");
  }

  @Test
  void aFileThatIsNotJavaIsNamedAndLeftOut() {
    List<Member> members =
        MemberReader.read(
            Map.of(
                "good.java", "/** Good. */ public class Good {}",
                "bad.java", "public class Bad {\n  int = 3;\n}"),
            problems::add);
    assertThat(members).extracting(Member::title).containsExactly("Good");
    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst()).startsWith("bad.java:2: left out: not Java: ");
  }

  private Member only(String source) {
    List<Member> members = read(source);
    assertThat(members).hasSize(1);
    return members.getFirst();
  }

  private List<Member> read(String source) {
    List<Member> members = MemberReader.read(Map.of("lib/A.java", source), problems::add);
    assertThat(problems).isEmpty();
    return members;
  }
}
