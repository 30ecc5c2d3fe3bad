package dev.zoetrope.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An asynchronous request, which a thread of ours may end, or the container, or both at once.
 *
 * <p>Tomcat uses request and response again as soon as a request has ended: whoever touches them
 * after that spoils the next client's. So they are touched between {@link #enter} and {@link
 * #leave} only, and the container's threads wait there until we are out. After a failed write the
 * container ends the request by itself; only where it does not, we do, seconds later, or when the
 * server stops: the container would keep the request, and its connection, for good. Thread-safe.
 */
public final class Exchange implements AsyncListener {
  /** Some containers block in a write, perhaps for a lock that their thread of the end holds. */
  private static final long MOST_WAIT_MILLIS = 500;

  private static final Duration CONTAINERS = Duration.ofSeconds(5);

  /** See {@link dev.zoetrope.channel.Channels#atTheLatest}. */
  @FunctionalInterface
  public interface Lateness {
    /** Returns what takes it back. */
    Runnable atTheLatest(Duration in, Runnable act);
  }

  private final AsyncContext async;
  private final Lateness lateness;
  private final Runnable release;
  private final AtomicBoolean released = new AtomicBoolean();
  private final ReentrantLock touching = new ReentrantLock();
  private final CountDownLatch over = new CountDownLatch(1); // once the container has been told
  private volatile Runnable callOff; // what is to be done late; null unless something is
  private volatile boolean ended; // written with the lock, but for a container that blocks

  /**
   * Nothing is heard of the container before {@link #listen}.
   *
   * @param release called once, when the client has gone or has all it gets
   */
  public Exchange(AsyncContext async, Lateness lateness, Runnable release) {
    this.async = async;
    this.lateness = lateness;
    this.release = release;
  }

  /** Hears of the end from the container. */
  public void listen() {
    async.addListener(this);
  }

  /** Whether request and response may be touched, until {@link #leave}. */
  public boolean enter() {
    touching.lock();
    if (ended || released.get()) {
      touching.unlock();
      return false;
    }
    return true;
  }

  /** Request and response are not touched any more, until {@link #enter}. */
  public void leave() {
    touching.unlock();
  }

  /** All is written. Idempotent. */
  public void finish() {
    release();
    touching.lock();
    try {
      complete();
    } finally {
      touching.unlock();
    }
  }

  /** The same after so long, or when the server stops, unless it has ended by then. */
  void finishLate(Duration in) {
    callOff = lateness.atTheLatest(in, this::finish);
  }

  /** The container begins the request anew, on a thread of its own. Idempotent. */
  void dispatch() {
    release();
    touching.lock();
    try {
      if (!ended) {
        ended = true;
        async.dispatch();
      }
    } finally {
      over.countDown();
      touching.unlock();
    }
  }

  /** Waits until the container has been told of the end, but for so long at most. */
  void awaitEnd(Duration most) throws InterruptedException {
    var unused = over.await(most.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** A write has failed: the client has gone. Idempotent. */
  public void fail() {
    if (release()) {
      finishLate(CONTAINERS);
    }
  }

  /** The container tells, on its own thread, that the client has gone. Idempotent. */
  public void gone() {
    release();
    boolean isMine = awaitOthers();
    try {
      complete();
    } finally {
      if (isMine) {
        touching.unlock();
      }
    }
  }

  private boolean awaitOthers() {
    try {
      return touching.tryLock(MOST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void complete() {
    if (!ended) {
      ended = true;
      try {
        async.complete();
      } catch (IllegalStateException e) {
        // completed by the container already, which is what we wanted
      }
    }
    over.countDown();
  }

  private boolean release() {
    if (!released.compareAndSet(false, true)) {
      return false;
    }
    release.run();
    return true;
  }

  @Override
  public void onComplete(AsyncEvent event) {
    release();
    boolean isMine = awaitOthers();
    ended = true;
    over.countDown();
    Runnable late = callOff;
    if (late != null) {
      late.run();
    }
    if (isMine) {
      touching.unlock();
    }
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    gone();
  }

  @Override
  public void onError(AsyncEvent event) {
    gone();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // after a dispatch, which ends this
  }
}
