package io.condenser.cli.fetch;

import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.cli.plan.Costs;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Work;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@code fetch}: downloads official files. A file that is there with the right checksum touches no
 * network; what was cut off goes on where it ended.
 */
public record FetchStage(
    @Setting("Files to download: each URL [sha256=HEX] [md5=HEX] [bytes=N] [as=NAME]")
        List<String> urls,
    @Setting("Folder to write them to") Path out,
    @Setting(
            value =
                "Unpack .tar.gz, .tgz, .tar and .zip into a folder of their name, .gz into a file",
            byDefault = "false")
        boolean unpack)
    implements Stage {

  /** The command, and a recipe's step. */
  public static final StageType TYPE =
      StageType.of(
          "fetch",
          FetchStage.class,
          "Downloads files: resumes, checks their checksums, unpacks them.",
          "fetch --out data --urls https://host.example/collection.tar.gz --unpack");

  /** How much larger packed text becomes: MS MARCO's collection does by 3. */
  private static final double UNPACKED = 3;

  public FetchStage {
    urls = List.copyOf(urls);
    List<Download> downloads = downloads(urls);
    if (downloads.isEmpty()) {
      throw new InputException("urls is empty; expected at least one");
    }
    List<Path> written = written(downloads, out, unpack);
    for (Path path : written) {
      if (written.indexOf(path) != written.lastIndexOf(path)) {
        throw new InputException(
            "urls: two files would be %s; give one another name with as=NAME".formatted(path));
      }
    }
    if (unpack && downloads.stream().allMatch(d -> Archive.of(out.resolve(d.name())).isEmpty())) {
      throw new InputException("unpack is true, but none of urls is packed by its name");
    }
  }

  private static List<Download> downloads(List<String> urls) {
    return urls.stream().map(Download::parse).toList();
  }

  /** An archive that is unpacked may be deleted afterwards: it is no output. */
  private static List<Path> written(List<Download> downloads, Path out, boolean unpack) {
    return downloads.stream()
        .map(download -> out.resolve(download.name()))
        .map(file -> unpack ? Archive.of(file).map(Archive::target).orElse(file) : file)
        .toList();
  }

  @Override
  public List<Path> inputs() {
    return List.of(); // what is published under a checksum never changes
  }

  /** Archives become folders, which are looked at before they are replaced. */
  @Override
  public boolean writesFiles() {
    return false;
  }

  @Override
  public List<Path> outputs() {
    return written(downloads(urls), out, unpack);
  }

  @Override
  public Work work(Sizes sizes) {
    double coming = 0;
    double unpacked = 0;
    for (Download download : downloads(urls)) {
      Path file = out.resolve(download.name());
      boolean there = Files.exists(file);
      if (!there && download.bytes() == Download.UNKNOWN) {
        throw new Sizes.Unknown(download.name() + " has no bytes=N");
      }
      double bytes = there ? sizes.bytes(file) : download.bytes();
      coming += there ? 0 : bytes;
      unpacked += unpack && Archive.of(file).isPresent() ? UNPACKED * bytes : 0;
    }
    Work network = Costs.downloading(coming);
    return unpacked == 0 ? network : Costs.both(network, Costs.copying(0, unpacked));
  }

  @Override
  public void run(Console console) throws IOException {
    try (Downloader downloader = new Downloader(console)) {
      for (Download download : downloads(urls)) {
        Path file = out.resolve(download.name());
        boolean fetched = downloader.fetch(download, file);
        Optional<Archive> archive = unpack ? Archive.of(file) : Optional.empty();
        if (archive.isPresent() && (fetched || !archive.get().isUnpacked())) {
          console.say("unpacking into " + archive.get().target());
          archive.get().unpack();
        }
      }
    }
  }
}
