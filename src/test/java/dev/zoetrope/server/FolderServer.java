package dev.zoetrope.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A server that looks at a folder: a file that comes is an application, one that goes is none. */
abstract class FolderServer extends AppServer {
  FolderServer(Path base, Path installed, Path java) {
    super(base, installed, java);
  }

  /** Where applications lie. */
  abstract Path applications();

  @Override
  public void deploy(Path war, Context context) throws IOException {
    put(war, applications(), context.fileName());
  }

  @Override
  public void undeploy(Context context) throws IOException, InterruptedException {
    Files.delete(applications().resolve(context.fileName() + ".war"));
    awaitGone(context);
  }
}
