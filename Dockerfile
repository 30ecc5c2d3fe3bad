# Zoetrope in an image: docker build -t zoetrope . && docker run -p 8080:8080 -v zoetrope:/data zoetrope
# Options of the launcher follow the image's name: docker run ... zoetrope --https --port 8080
# Writes to /data and /tmp alone: docker run --read-only --tmpfs /tmp ...

FROM debian:bookworm-slim AS build
RUN apt-get update -q \
 && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
      ca-certificates maven npm openjdk-17-jdk-headless \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*

# A Java of what is needed: half the size. With jcmd, for looking into a running server.
RUN jlink --output /opt/java --no-man-pages --no-header-files \
      --add-modules java.se,jdk.crypto.ec,jdk.jcmd,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs \
 && cp --dereference --remove-destination /etc/ssl/certs/java/cacerts /opt/java/lib/security/cacerts \
 && /opt/java/bin/java -Xshare:dump

WORKDIR /src
# Dependencies first: a change in the sources does not fetch them again.
COPY pom.xml package.json package-lock.json .npmrc ./
COPY .mvn .mvn
RUN npm ci --ignore-scripts \
 && mvn -q -B -Dspotless.check.skip=true dependency:resolve dependency:resolve-plugins
# The ffmpeg that ./run fetches. Debian's brings 400 MB along: drivers for screens.
COPY docker/fetch-ffmpeg docker/fetch-ffmpeg
RUN docker/fetch-ffmpeg /opt/ffmpeg
COPY src src
RUN mvn -q -B -Dmaven.test.skip=true -DskipTests -Dspotless.check.skip=true package

FROM debian:bookworm-slim
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.title="Zoetrope" \
      org.opencontainers.image.description="A live-video server for browsers" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0 AND GPL-3.0-or-later" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"
# What Java and ffmpeg are linked to; setpriv (util-linux) ends ffmpeg with the server; curl asks for the health.
RUN apt-get update -q \
 && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
      ca-certificates curl libasound2 libfreetype6 libharfbuzz0b libjpeg62-turbo liblcms2-2 libpng16-16 libpulse0 \
      libxcb-shm0 libxcb1 util-linux \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
 && install -d -o 10001 -g 10001 /data
COPY --from=build /opt/java /opt/java
COPY --from=build /opt/ffmpeg /opt/ffmpeg
COPY --from=build /src/target/zoetrope.war /opt/zoetrope/zoetrope.war
ENV PATH=/opt/java/bin:/opt/ffmpeg/bin:/usr/local/bin:/usr/bin:/bin \
    ZOETROPE_HOME=/data
# A number, so that Kubernetes can tell that it is not root.
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD curl -fs http://127.0.0.1:8080/health/ready || curl -fsk https://127.0.0.1:8080/health/ready
# The memory left over is for the ffmpeg processes. Java is process 1: signals reach it.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=40", "-XX:+ExitOnOutOfMemoryError", "-jar", "/opt/zoetrope/zoetrope.war"]
