package io.condenser.cli.javadoc;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The documented members of a Java file, found by the JDK's own parser. Only syntax is read:
 * nothing is resolved, so the file's dependencies are not needed.
 */
final class MemberReader extends TreePathScanner<@Nullable Void, @Nullable Void> {
  private final String file;
  private final String source;
  private final DocTrees trees;
  private final SourcePositions positions;
  private final CompilationUnitTree unit;
  private final Deque<ClassTree> around = new ArrayDeque<>();
  private final List<Member> members = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();

  private MemberReader(SourceText file, DocTrees trees, CompilationUnitTree unit) {
    this.file = file.file();
    this.source = file.text();
    this.trees = trees;
    this.positions = trees.getSourcePositions();
    this.unit = unit;
  }

  /**
   * Reads files, in their order; those that are not Java (as this JVM knows it) are left out.
   *
   * @param sources text of each file, by the name it has in members and errors
   * @param problem told of each file left out: where, and why
   * @throws InputException if this JVM brings no compiler
   */
  static List<Member> read(Map<String, String> sources, Consumer<String> problem) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new InputException("this Java has no compiler to parse sources with; run on a JDK");
    }
    Map<URI, SourceText> files = new LinkedHashMap<>(); // the compiler hands back wrapped ones
    sources.forEach((name, source) -> {
      SourceText file = new SourceText(name, source);
      files.put(file.toUri(), file);
    });
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    JavacTask task =
        (JavacTask)
            compiler.getTask(null, null, problems, List.of("-proc:none"), null, files.values());
    List<Member> members = new ArrayList<>();
    try {
      DocTrees trees = DocTrees.instance(task);
      Iterable<? extends CompilationUnitTree> units = task.parse();
      Set<SourceText> broken = report(problems, files, problem);
      for (CompilationUnitTree unit : units) {
        SourceText file = files.get(unit.getSourceFile().toUri());
        if (file != null && !broken.contains(file)) {
          MemberReader reader = new MemberReader(file, trees, unit);
          reader.scan(unit, null);
          members.addAll(reader.members);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return members;
  }

  private static Set<SourceText> report(
      DiagnosticCollector<JavaFileObject> problems,
      Map<URI, SourceText> files,
      Consumer<String> problem) {
    Set<SourceText> broken = new HashSet<>();
    for (Diagnostic<? extends JavaFileObject> d : problems.getDiagnostics()) {
      SourceText file = d.getSource() == null ? null : files.get(d.getSource().toUri());
      if (file != null && d.getKind() == Diagnostic.Kind.ERROR && broken.add(file)) {
        String why = d.getMessage(Locale.ENGLISH);
        problem.accept(
            "%s:%d: left out: not Java: %s".formatted(file.file(), d.getLineNumber(), why));
      }
    }
    return broken;
  }

  @Override
  public @Nullable Void visitClass(ClassTree node, @Nullable Void none) {
    boolean anonymous = node.getSimpleName().isEmpty(); // part of the code around it
    if (anonymous || !isPublished(node.getModifiers())) {
      return null;
    }
    around.addLast(node);
    add(title(), "", outline(node));
    super.visitClass(node, null);
    around.removeLast();
    return null;
  }

  @Override
  public @Nullable Void visitMethod(MethodTree node, @Nullable Void none) {
    if (!isPublished(node.getModifiers())) {
      return null;
    }
    boolean constructor = node.getReturnType() == null;
    String name = constructor ? "new" : node.getName().toString();
    String types =
        node.getParameters().stream()
            .map(p -> plainType(p.getType()))
            .collect(Collectors.joining(","));
    add(title() + "." + name, "(" + types + ")", code(node, node.getModifiers()));
    return null; // what is declared inside a body is part of the code
  }

  @Override
  public @Nullable Void visitBlock(BlockTree node, @Nullable Void none) {
    return null; // nor in an initializer
  }

  @Override
  public @Nullable Void visitVariable(VariableTree node, @Nullable Void none) {
    return null; // a field's one line tells too little to be found by
  }

  /** Whether others may use it: public, protected, or in an interface. */
  private boolean isPublished(ModifiersTree modifiers) {
    Set<Modifier> flags = modifiers.getFlags();
    if (flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED)) {
      return true;
    }
    ClassTree parent = around.peekLast();
    boolean implied =
        parent != null
            && (parent.getKind() == Tree.Kind.INTERFACE
                || parent.getKind() == Tree.Kind.ANNOTATION_TYPE);
    return implied && !flags.contains(Modifier.PRIVATE);
  }

  private String title() {
    return around.stream().map(c -> c.getSimpleName().toString()).collect(Collectors.joining("."));
  }

  /** A type's name without its arguments and annotations: {@code Map<K, V>[]} is {@code Map[]}. */
  private static String plainType(Tree type) {
    String name = type.toString().replaceAll("@[\\w.]+(\\([^)]*\\))?", "");
    String shorter = name.replaceAll("<[^<>]*>", "");
    while (!shorter.equals(name)) {
      name = shorter;
      shorter = name.replaceAll("<[^<>]*>", "");
    }
    return name.replaceAll("\\s", "");
  }

  private void add(String title, String parameters, String code) {
    TreePath path = getCurrentPath();
    DocCommentTree comment = trees.getDocCommentTree(path);
    if (comment == null) {
      return;
    }
    String sentence = CommentText.of(trees, comment.getFirstSentence());
    List<String> rest = CommentText.rest(trees, comment);
    if (!sentence.isEmpty() || !rest.isEmpty()) { // {@inheritDoc} alone says nothing of its own
      members.add(new Member(file, unique(title + parameters), title, sentence, rest, code));
    }
  }

  /** Overloads that differ in a type variable's bound alone are told apart by a number. */
  private String unique(String id) {
    String unique = id;
    for (int n = 2; !ids.add(unique); n++) {
      unique = id + '~' + n;
    }
    return unique;
  }

  /** A declaration's source on one line, its annotations and doc comments cut out. */
  private String code(Tree node, ModifiersTree modifiers) {
    int start = (int) positions.getStartPosition(unit, node);
    int end = (int) positions.getEndPosition(unit, node);
    StringBuilder code = new StringBuilder(source.substring(start, end));
    for (AnnotationTree annotation : modifiers.getAnnotations().reversed()) {
      int from = (int) positions.getStartPosition(unit, annotation) - start;
      code.delete(from, (int) positions.getEndPosition(unit, annotation) - start);
    }
    return CommentText.oneLine(code.toString().replaceAll("(?s)/\\*\\*.*?\\*/", " "));
  }

  /** A class's head and the names of what it declares. */
  private static String outline(ClassTree node) {
    StringBuilder outline = new StringBuilder();
    node.getModifiers().getFlags().forEach(flag -> outline.append(flag).append(' '));
    outline.append(keyword(node.getKind())).append(' ').append(node.getSimpleName());
    if (node.getExtendsClause() != null) {
      outline.append(" extends ").append(node.getExtendsClause());
    }
    if (!node.getImplementsClause().isEmpty()) {
      String interfaces = node.getKind() == Tree.Kind.INTERFACE ? " extends " : " implements ";
      outline.append(interfaces).append(names(node.getImplementsClause(), Tree::toString));
    }
    String declared = names(node.getMembers(), MemberReader::declaredName);
    return CommentText.oneLine(outline.append(" { ").append(declared).append(" }").toString());
  }

  private static String names(List<? extends Tree> trees, Function<Tree, String> name) {
    return trees.stream()
        .map(name)
        .filter(n -> !n.isEmpty())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static String declaredName(Tree member) {
    return switch (member) {
      case MethodTree method when method.getReturnType() != null -> method.getName().toString();
      case VariableTree field -> field.getName().toString();
      case ClassTree type -> type.getSimpleName().toString();
      default -> "";
    };
  }

  private static String keyword(Tree.Kind kind) {
    return switch (kind) {
      case INTERFACE -> "interface";
      case ENUM -> "enum";
      case RECORD -> "record";
      case ANNOTATION_TYPE -> "@interface";
      default -> "class";
    };
  }
}
