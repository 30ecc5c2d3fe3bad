package dev.zoetrope.access;

import dev.zoetrope.access.RefusedException.Reason;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Checks names and passwords, one at a time, so that guessing leaves the processor to the viewers;
 * who is wrong has to wait, and a name that nobody has takes as long as another. Thread-safe.
 */
final class SignIn {
  private static final Logger LOG = System.getLogger(SignIn.class.getName());
  private static final int MOST_WAITING = 8;
  private static final int MOST_CHARACTERS = 400;
  private static final int NETWORK_BYTES = 8; // what a customer has of IPv6

  private final Accounts accounts;
  private final Passwords passwords;
  private final Throttle throttle;
  private final RecentPasswords recent;
  private final ReentrantLock turn = new ReentrantLock(true);

  SignIn(Accounts accounts, Passwords passwords, LongSupplier nanos) {
    this.accounts = accounts;
    this.passwords = passwords;
    throttle = new Throttle(nanos);
    recent = new RecentPasswords(nanos);
  }

  /** Whose name and password these are. */
  Account check(String name, String password, String address) throws RefusedException {
    await();
    try {
      return checked(name, password, address);
    } finally {
      turn.unlock();
    }
  }

  /**
   * Whose name and password these are, in the form of HTTP's Basic; quick for a minute after they
   * were right, where they came from then.
   *
   * @param credentials Base64 of {@code name:password}
   * @see "RFC 7617, 2"
   */
  Account checkBasic(String credentials, String address) throws RefusedException {
    String known = credentials + " from " + network(address); // elsewhere it would be a guess
    Optional<Account> account = recent.find(known, accounts);
    if (account.isPresent()) {
      return account.get();
    }
    await();
    try {
      account = recent.find(known, accounts); // somebody else's turn may have been about it
      if (account.isPresent()) {
        return account.get();
      }
      String[] parts = decoded(credentials).split(":", 2);
      if (parts.length < 2) {
        throw wrong();
      }
      Account right = checked(parts[0], parts[1], address);
      recent.remember(known, right);
      return right;
    } finally {
      turn.unlock();
    }
  }

  private static String decoded(String credentials) throws RefusedException {
    if (credentials.length() > MOST_CHARACTERS) {
      throw wrong();
    }
    try {
      return new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw wrong();
    }
  }

  private void await() throws RefusedException {
    if (turn.getQueueLength() >= MOST_WAITING) {
      throw RefusedException.tooSoon(Duration.ofSeconds(1));
    }
    turn.lock();
  }

  private Account checked(String name, String password, String address) throws RefusedException {
    String who = "account " + (Account.isName(name) ? name : "");
    List<String> guesser = List.of(who, network(address));
    Duration patience = throttle.patience(guesser);
    if (!patience.isZero()) {
      throw RefusedException.tooSoon(patience);
    }
    Optional<Account> account = accounts.named(name);
    if (account.isEmpty()) {
      passwords.takeAsLong();
    }
    if (account.isEmpty() || !passwords.fits(password, account.get().passwordHash())) {
      throttle.wrong(guesser);
      LOG.log( // a name without an account may be somebody's password
          Level.INFO,
          "wrong password for {0} from {1}",
          account.map(Account::name).orElse("a name without account"),
          address.isEmpty() ? "somewhere" : address);
      throw wrong();
    }
    throttle.right(who); // not the address: guessing would be free for who has an account
    return account.get();
  }

  /** Counts a wrong guess of something else, by address. */
  void checkPatience(String address) throws RefusedException {
    Duration patience = throttle.patience(List.of(network(address)));
    if (!patience.isZero()) {
      throw RefusedException.tooSoon(patience);
    }
  }

  void guessedWrong(String address) {
    throttle.wrong(List.of(network(address)));
  }

  private static RefusedException wrong() {
    return new RefusedException(Reason.WRONG, "name or password is not right");
  }

  /** An address as one guesser has it. */
  static String network(String address) {
    if (address.indexOf(':') >= 0) {
      try {
        String literal = "[" + address.split("%", 2)[0] + "]"; // for which no server is asked
        byte[] bytes = InetAddress.getByName(literal).getAddress();
        byte[] network = Arrays.copyOf(bytes, Math.min(bytes.length, NETWORK_BYTES));
        return "address " + HexFormat.of().formatHex(network);
      } catch (UnknownHostException e) {
        return "address"; // of some other form, which nobody chooses for himself
      }
    }
    return "address " + address;
  }
}
