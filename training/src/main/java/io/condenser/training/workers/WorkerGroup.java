package io.condenser.training.workers;

import io.condenser.model.Device;
import io.condenser.model.Machine;
import io.condenser.model.Tensors;
import io.condenser.storage.InputException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;

/**
 * Several processes, through the tensor library's collectives: Gloo between CPUs, NCCL between
 * GPUs. A {@link Link} to the first worker tells when one has stopped; what waits for it then
 * fails, with what is known of the reason. Gloo adds in a ring whose order depends on the number of
 * workers alone, so that sums repeat bit for bit.
 */
public final class WorkerGroup implements Workers {
  /** Far longer than any wait between living workers: the link tells of the others. */
  private static final Milliseconds TIMEOUT = new Milliseconds(TimeUnit.HOURS.toMillis(6));

  /** How long a wait sleeps before it looks again. */
  private static final long PAUSE_NANOS = 50_000;

  /** After a collective has failed, until the link knows why. */
  private static final long REASON_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long BUCKET_NUMBERS = 4L << 20;

  private final Link link;
  private final Store store;
  private final Backend backend;
  private final GradientHooks hooks = new GradientHooks();
  private boolean finished;

  private WorkerGroup(Link link, Store store) {
    this.link = link;
    this.store = store;
    backend =
        Machine.device() == Device.CUDA
            ? new ProcessGroupNCCL(store, link.rank(), link.count())
            : gloo(store, link);
  }

  private static Backend gloo(Store store, Link link) {
    ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(TIMEOUT);
    options.devices(
        new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname(link.ownAddress())));
    return new ProcessGroupGloo(store, link.rank(), link.count(), options);
  }

  /**
   * Joins the others, whose tensors lie on the same kind of device. Not to be called in a scope.
   *
   * @param link to the first worker, or as the first one to all others
   */
  public static WorkerGroup join(Link link) {
    TCPStoreOptions options = new TCPStoreOptions();
    options.waitWorkers(false).timeout(TIMEOUT);
    if (link.rank() == 0) {
      TCPStore store = new TCPStore("localhost", options.port((short) 0).isServer(true));
      link.begin(Short.toUnsignedInt(store.getPort()));
      return new WorkerGroup(link, store);
    }
    short port = (short) link.begin(0);
    TCPStore store = new TCPStore(link.firstAddress(), options.port(port).isServer(false));
    return new WorkerGroup(link, store);
  }

  @Override
  public int rank() {
    return link.rank();
  }

  @Override
  public int count() {
    return link.count();
  }

  @Override
  public int onThisMachine() {
    return link.onThisMachine();
  }

  @Override
  public Share share(int[] sizes) {
    return Share.deal(sizes, count(), rank());
  }

  /** All contribute as many rows as the largest share has; what is too much is cut out again. */
  @Override
  public Tensor gather(Tensor own, Share share) {
    long most = share.most();
    Tensor padded =
        share.size() == most
            ? own.contiguous()
            : torch.cat(new TensorVector(own, own.narrow(0, 0, 1)), 0);
    Tensor all = own.new_empty(most * count(), own.size(1));
    await(backend._allgather_base(all, padded));
    TensorVector parts = new TensorVector();
    for (int worker = 0; worker < count(); worker++) {
      parts.push_back(all.narrow(0, worker * most, share.sizes()[worker]));
    }
    return torch.cat(parts, 0);
  }

  @Override
  public void sum(Tensor tensor) {
    await(beginSum(tensor));
  }

  private Work beginSum(Tensor tensor) {
    link.check();
    return backend.allreduce(new TensorVector(tensor));
  }

  @Override
  public double[] sum(double... numbers) {
    try (PointerScope _ = new PointerScope()) {
      Tensor tensor = Tensors.numbers(numbers);
      sum(tensor);
      return Tensors.doubles(tensor);
    }
  }

  @Override
  public double first(double number) {
    try (PointerScope _ = new PointerScope()) {
      Tensor tensor = Tensors.numbers(number);
      copyFirst(List.of(tensor));
      return Tensors.doubles(tensor)[0];
    }
  }

  @Override
  public void copyFirst(Collection<Tensor> tensors) {
    link.check();
    try (PointerScope _ = new PointerScope()) {
      tensors.stream()
          .map(tensor -> backend.broadcast(new TensorVector(tensor.detach())))
          .toList()
          .forEach(this::await);
    }
  }

  @Override
  public GradientSum gradients(Collection<Tensor> parameters) {
    return new Buckets(
        parameters,
        hooks,
        BUCKET_NUMBERS,
        bucket -> {
          Work work = beginSum(bucket).retainReference(); // outlives the chunk that begins it
          return () -> {
            await(work);
            work.releaseReference();
          };
        });
  }

  private void await(Work work) {
    while (!work.isCompleted()) {
      link.check();
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    try {
      work._wait();
    } catch (RuntimeException e) {
      link.awaitFailure(REASON_NANOS);
      throw new InputException(
          "the workers have lost each other; run the same command again: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          e);
    }
  }

  @Override
  public void finish() {
    link.finish();
    finished = true;
  }

  @Override
  public void fail(String message) {
    link.fail(message);
  }

  /** What waits for a worker that has stopped would wait here for ever, and is left alone. */
  @Override
  public void close() {
    link.close();
    if (finished) {
      backend.close();
      store.close();
    } else {
      backend.retainReference();
      store.retainReference();
    }
  }
}
