package dev.zoetrope;

import java.nio.file.Path;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.authenticator.BasicAuthenticator;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.LoginConfig;

/**
 * A program: somebody's Tomcat with a realm of its own, that serves the unpacked application. The
 * people of the realm are called as their role, and so are their passwords.
 */
public final class RealmServer {
  private RealmServer() {}

  /**
   * Serves until it is ended.
   *
   * @param arguments the folder of the application, one for Tomcat's own files, the port; then
   *     names and roles, by turns
   */
  public static void main(String[] arguments) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(arguments[1]);
    tomcat.setHostname("127.0.0.1");
    tomcat.setPort(Integer.parseInt(arguments[2]));
    tomcat.getConnector();
    for (int i = 3; i + 1 < arguments.length; i += 2) {
      tomcat.addUser(arguments[i], arguments[i]);
      tomcat.addRole(arguments[i], arguments[i + 1]);
    }
    serve(tomcat, Path.of(arguments[0]));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(tomcat)));
    tomcat.start();
    tomcat.getServer().await();
  }

  private static void serve(Tomcat tomcat, Path application) {
    StandardHost host = (StandardHost) tomcat.getHost();
    host.setAutoDeploy(false);
    host.setDeployOnStartup(false);
    tomcat.setAddDefaultWebXmlToWebapp(false); // it brings JSP
    StandardContext context =
        (StandardContext) tomcat.addWebapp(host, "", application.toString(), new ContextConfig());
    context.setUnloadDelay(20);
    Wrapper files = Tomcat.addServlet(context, "default", new DefaultServlet());
    files.setOverridable(true);
    context.addServletMappingDecoded("/", "default");
    context.setLoginConfig(new LoginConfig("BASIC", "theirs", null, null));
    context.setPreemptiveAuthentication(true); // whoever shows a password is asked who they are
    context.getPipeline().addValve(new BasicAuthenticator());
  }

  private static void stop(Tomcat tomcat) {
    try {
      tomcat.stop();
    } catch (LifecycleException e) {
      System.err.println("not stopped cleanly: " + e);
    }
  }
}
