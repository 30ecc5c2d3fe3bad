package dev.zoetrope.access;

import dev.zoetrope.access.RefusedException.Reason;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/** How the first account comes about. Thread-safe. */
final class Setup {
  private static final Logger LOG = System.getLogger(Setup.class.getName());

  private final Ledger ledger;
  private final Accounts accounts;
  private final SignIn signIn;
  private volatile Optional<String> token = Optional.empty(); // written under this

  Setup(Ledger ledger, Accounts accounts, SignIn signIn) {
    this.ledger = ledger;
    this.accounts = accounts;
    this.signIn = signIn;
  }

  /** Whether the first account is yet to be made. */
  boolean isDue() {
    return token.isPresent() && ledger.kept().accounts().isEmpty();
  }

  /** See {@link Access#begin}. */
  synchronized Optional<String> begin(Optional<String> adminPassword) {
    if (adminPassword.isPresent()) {
      try {
        accounts.setAdminPassword(adminPassword.get());
      } catch (RefusedException e) {
        LOG.log(Level.ERROR, "the password of admin is not set: {0}", e.getMessage());
      }
    }
    boolean isNeeded = accounts.all().isEmpty() && !ledger.isBroken();
    token = isNeeded ? Optional.of(RandomText.key()) : Optional.empty();
    return token;
  }

  /** Makes the first account, an administrator. */
  synchronized Account finish(Visitor visitor, String shown, String name, String password)
      throws RefusedException {
    if (token.isEmpty()) {
      throw new RefusedException(Reason.CONFLICT, "the setup is done: sign in");
    }
    signIn.checkPatience(visitor.address());
    if (!RandomText.isSame(shown, token.get())) {
      signIn.guessedWrong(visitor.address());
      throw new RefusedException(
          Reason.WRONG, "the setup's token is not right; the log has the link");
    }
    accounts.makeFirst(name, password);
    token = Optional.empty();
    return accounts.named(name).orElseThrow();
  }
}
