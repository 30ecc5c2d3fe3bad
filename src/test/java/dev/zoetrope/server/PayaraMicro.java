package dev.zoetrope.server;

import java.nio.file.Path;
import java.util.List;

/** Payara Micro: a jar that starts with an application, and ends with it. */
final class PayaraMicro extends AppServer {
  private Path war; // set by deploy()
  private Context context; // the same

  PayaraMicro(Path base, Path installed, Path java) {
    super(base, installed, java);
  }

  @Override
  void prepare() {
    // it unpacks itself
  }

  @Override
  List<String> command() {
    return List.of(
        program("java"),
        "-jar",
        installed.toString(),
        "--rootDir",
        base.resolve("payara").toString(),
        "--nocluster",
        "--nohostaware",
        "--port",
        Integer.toString(port),
        "--contextroot",
        context.root(),
        "--deploy",
        war.toString());
  }

  @Override
  public void deploy(Path file, Context at) {
    war = file;
    context = at;
  }

  @Override
  public void undeploy(Context at) {
    throw new UnsupportedOperationException("it ends with its application");
  }

  @Override
  public boolean undeploys() {
    return false;
  }
}
