package io.condenser.cli.javadoc;

import com.sun.source.doctree.DeprecatedTree;
import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.ErroneousTree;
import com.sun.source.doctree.IndexTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.RawTextTree;
import com.sun.source.doctree.ReturnTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.doctree.ThrowsTree;
import com.sun.source.doctree.ValueTree;
import com.sun.source.util.DocTreeScanner;
import com.sun.source.util.DocTrees;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.lang.model.element.Name;
import org.jspecify.annotations.Nullable;

/**
 * Javadoc trees as plain text: inline tags become what they show, HTML is dropped, entities become
 * their characters, {@code <pre>} examples and inherited comments are left out.
 */
final class CommentText extends DocTreeScanner<@Nullable Void, @Nullable Void> {
  private static final Set<String> BLOCKS =
      Set.of("p", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "br", "div", "blockquote");

  private static final String PARAGRAPH = "\f";

  private final DocTrees trees;
  private final StringBuilder text = new StringBuilder();
  private int preformatted;

  private CommentText(DocTrees trees) {
    this.trees = trees;
  }

  /** Trees as one line of text. */
  static String of(DocTrees trees, List<? extends DocTree> parts) {
    return proseLine(paragraphs(trees, parts));
  }

  private static String paragraphs(DocTrees trees, List<? extends DocTree> parts) {
    CommentText scanner = new CommentText(trees);
    scanner.scan(parts, null);
    return scanner.text.toString();
  }

  /** What follows the first sentence: the body's sentences, then those of the tags that explain. */
  static List<String> rest(DocTrees trees, DocCommentTree comment) {
    List<String> sentences = new ArrayList<>(sentences(paragraphs(trees, comment.getBody())));
    for (DocTree tag : comment.getBlockTags()) {
      String said = explain(trees, tag);
      if (!said.isEmpty()) {
        sentences.add(said.matches(".*[.!?]") ? said : said + ".");
      }
    }
    return sentences;
  }

  private static String explain(DocTrees trees, DocTree tag) {
    return switch (tag) {
      case ParamTree param -> labelled(param.getName() + ":", of(trees, param.getDescription()));
      case ReturnTree result -> labelled("Returns", of(trees, result.getDescription()));
      case ThrowsTree thrown ->
          labelled(
              "Throws " + thrown.getExceptionName().getSignature(),
              of(trees, thrown.getDescription()));
      case DeprecatedTree deprecated -> labelled("Deprecated:", of(trees, deprecated.getBody()));
      default -> ""; // authors, versions and cross references explain nothing
    };
  }

  private static String labelled(String label, String text) {
    return text.isEmpty() ? "" : label + ' ' + text;
  }

  /** Sentences of all paragraphs; what only announced an example that is left out is dropped. */
  private static List<String> sentences(String paragraphs) {
    List<String> sentences = new ArrayList<>();
    for (String paragraph : List.of(paragraphs.split(PARAGRAPH))) {
      for (String sentence : split(proseLine(paragraph))) {
        if (!sentence.endsWith(":")) {
          sentences.add(sentence);
        }
      }
    }
    return sentences;
  }

  private static List<String> split(String text) {
    BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ENGLISH);
    breaks.setText(text);
    List<String> sentences = new ArrayList<>();
    int from = breaks.first();
    for (int to = breaks.next(); to != BreakIterator.DONE; from = to, to = breaks.next()) {
      String sentence = text.substring(from, to).strip();
      if (!sentence.isEmpty()) {
        sentences.add(sentence);
      }
    }
    return sentences;
  }

  /** Runs of white space become single spaces. */
  static String oneLine(String text) {
    return text.replaceAll("[\\s\u00a0]+", " ").strip();
  }

  /** One line of prose: tags that show nothing leave no space before a full stop or comma. */
  private static String proseLine(String text) {
    return oneLine(text).replaceAll(" (?=[.,;:)](\\s|$))", "");
  }

  private void append(String part) {
    if (preformatted == 0) {
      text.append(part);
    }
  }

  @Override
  public @Nullable Void visitText(TextTree node, @Nullable Void none) {
    append(node.getBody());
    return null;
  }

  @Override
  public @Nullable Void visitRawText(RawTextTree node, @Nullable Void none) {
    append(node.getContent());
    return null;
  }

  @Override
  public @Nullable Void visitErroneous(ErroneousTree node, @Nullable Void none) {
    append(node.getBody());
    return null;
  }

  @Override
  public @Nullable Void visitEntity(EntityTree node, @Nullable Void none) {
    String characters = trees.getCharacters(node);
    append(characters == null ? " " : characters);
    return null;
  }

  @Override
  public @Nullable Void visitLiteral(LiteralTree node, @Nullable Void none) {
    append(node.getBody().getBody());
    return null;
  }

  @Override
  public @Nullable Void visitLink(LinkTree node, @Nullable Void none) {
    if (node.getLabel().isEmpty()) {
      String target = node.getReference().getSignature();
      append(target.replaceFirst("^#", "").replaceFirst("\\(.*", "").replace('#', '.'));
      return null;
    }
    return scan(node.getLabel(), null);
  }

  @Override
  public @Nullable Void visitValue(ValueTree node, @Nullable Void none) {
    if (node.getReference() != null) {
      append(node.getReference().getSignature().replaceFirst("^#", ""));
    }
    return null;
  }

  @Override
  public @Nullable Void visitIndex(IndexTree node, @Nullable Void none) {
    return scan(node.getSearchTerm(), null);
  }

  @Override
  public @Nullable Void visitStartElement(StartElementTree node, @Nullable Void none) {
    String name = name(node.getName());
    if (name.equals("pre")) {
      preformatted++;
    }
    append(BLOCKS.contains(name) ? PARAGRAPH : "");
    return null; // attributes are not said aloud
  }

  @Override
  public @Nullable Void visitEndElement(EndElementTree node, @Nullable Void none) {
    String name = name(node.getName());
    if (name.equals("pre") && preformatted > 0) {
      preformatted--;
    }
    append(BLOCKS.contains(name) ? PARAGRAPH : "");
    return null;
  }

  private static String name(Name name) {
    return name.toString().toLowerCase(Locale.ROOT);
  }
}
