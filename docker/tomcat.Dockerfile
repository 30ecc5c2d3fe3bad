# Zoetrope in an Apache Tomcat, at the root:
#   docker build -t zoetrope . && docker build -t zoetrope-tomcat -f docker/tomcat.Dockerfile .
#   docker run -p 8080:8080 -v zoetrope:/data --read-only --tmpfs /tmp zoetrope-tomcat
ARG ZOETROPE=localhost/zoetrope

FROM debian:bookworm-slim AS tomcat
ARG TOMCAT_VERSION=11.0.24
ARG TOMCAT_SHA256=80c8c85424f2d860ac6ae1b49551307a0b472c3497d8f5a97da1e9a92af5da4c
RUN apt-get update -q \
 && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
      ca-certificates maven openjdk-17-jre-headless unzip \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
RUN mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
      -Dartifact=org.apache.tomcat:tomcat:$TOMCAT_VERSION:zip -DoutputDirectory=/tmp \
 && echo "$TOMCAT_SHA256  /tmp/tomcat-$TOMCAT_VERSION.zip" | sha256sum -c \
 && unzip -q /tmp/tomcat-$TOMCAT_VERSION.zip -d /tmp \
 && mv /tmp/apache-tomcat-$TOMCAT_VERSION /opt/tomcat \
 && rm -rf /opt/tomcat/webapps/* /opt/tomcat/work /opt/tomcat/temp /opt/tomcat/logs /opt/tomcat/bin/*.bat
# Nothing is written but below /tmp: the application is unpacked here, logs go to the console.
COPY docker/tomcat-server.xml /opt/tomcat/conf/server.xml
RUN printf '%s\n' 'handlers = java.util.logging.ConsoleHandler' '.handlers = java.util.logging.ConsoleHandler' \
      'java.util.logging.ConsoleHandler.level = INFO' >/opt/tomcat/conf/logging.properties \
 && chmod +x /opt/tomcat/bin/*.sh

FROM ${ZOETROPE} AS zoetrope

FROM tomcat AS unpacked
COPY --from=zoetrope /opt/zoetrope/zoetrope.war /tmp/zoetrope.war
RUN unzip -q /tmp/zoetrope.war -d /opt/tomcat/webapps/ROOT

FROM ${ZOETROPE}
LABEL org.opencontainers.image.title="Zoetrope in Apache Tomcat"
COPY --from=unpacked /opt/tomcat /opt/tomcat
ENV JAVA_HOME=/opt/java CATALINA_HOME=/opt/tomcat CATALINA_TMPDIR=/tmp PORT=8080
# ${PORT} in server.xml is the variable.
ENV CATALINA_OPTS="-Djava.awt.headless=true -XX:MaxRAMPercentage=40 -XX:+ExitOnOutOfMemoryError -Dorg.apache.tomcat.util.digester.PROPERTY_SOURCE=org.apache.tomcat.util.digester.EnvironmentPropertySource"
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD curl -fs http://127.0.0.1:$PORT/health/ready
# catalina.sh becomes Java: signals reach it.
ENTRYPOINT ["/opt/tomcat/bin/catalina.sh", "run"]
CMD []
