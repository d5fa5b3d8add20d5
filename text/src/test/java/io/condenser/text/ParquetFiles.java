package io.condenser.text;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;

/** Small Parquet files, which DuckDB 1.1 wrote: snappy, but for one that is zstd. */
final class ParquetFiles {
  private ParquetFiles() {}

  static Path of(String name) throws URISyntaxException {
    URL resource = ParquetFiles.class.getResource("parquet/" + name);
    return Path.of(Objects.requireNonNull(resource, name).toURI());
  }
}
