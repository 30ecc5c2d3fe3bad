# Zoetrope in an image: docker build -t zoetrope . && docker run -p 8080:8080 -v zoetrope:/var/lib/zoetrope zoetrope
# Options of the launcher follow the image's name: docker run ... zoetrope --https --port 8080

FROM debian:bookworm-slim AS build
RUN apt-get update -q \
 && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
      ca-certificates maven npm openjdk-17-jdk-headless \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# Dependencies first: a change in the sources does not fetch them again.
COPY pom.xml package.json package-lock.json .npmrc ./
COPY .mvn .mvn
RUN npm ci --ignore-scripts \
 && mvn -q -B -Dspotless.check.skip=true dependency:resolve dependency:resolve-plugins
COPY src src
RUN mvn -q -B -Dmaven.test.skip=true -DskipTests -Dspotless.check.skip=true package

FROM debian:bookworm-slim
# setpriv (util-linux) ends ffmpeg with the server; curl asks for the health.
RUN apt-get update -q \
 && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
      ca-certificates curl ffmpeg openjdk-17-jre-headless util-linux \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home --home-dir /var/lib/zoetrope --shell /usr/sbin/nologin zoetrope
COPY --from=build /src/target/zoetrope.war /opt/zoetrope/zoetrope.war
USER zoetrope
WORKDIR /var/lib/zoetrope
VOLUME /var/lib/zoetrope
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD curl -fs http://127.0.0.1:8080/health/ready || curl -fsk https://127.0.0.1:8080/health/ready
# The memory left over is for the ffmpeg processes. Java is process 1: signals reach it.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=40", "-XX:+ExitOnOutOfMemoryError", "-jar", "/opt/zoetrope/zoetrope.war", "--home", "/var/lib/zoetrope"]
