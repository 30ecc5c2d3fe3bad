# Zoetrope in Payara Micro, at the root:
#   docker build -t zoetrope . && docker build -t zoetrope-payara -f docker/payara.Dockerfile .
#   docker run -p 8080:8080 -v zoetrope:/data --read-only --tmpfs /tmp zoetrope-payara
ARG ZOETROPE=localhost/zoetrope

FROM debian:bookworm-slim AS payara
ARG PAYARA_VERSION=6.2025.10
ARG PAYARA_SHA256=654da793ab791e75eb0853c5dc3608afaf7424bdd6c89a25619115a760490168
RUN apt-get update -q \
 && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
      ca-certificates maven openjdk-17-jre-headless \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
RUN mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
      -Dartifact=fish.payara.extras:payara-micro:$PAYARA_VERSION:jar -DoutputDirectory=/tmp \
 && echo "$PAYARA_SHA256  /tmp/payara-micro-$PAYARA_VERSION.jar" | sha256sum -c \
 && mkdir /opt/payara \
 && mv /tmp/payara-micro-$PAYARA_VERSION.jar /opt/payara/payara-micro.jar

FROM ${ZOETROPE}
LABEL org.opencontainers.image.title="Zoetrope in Payara Micro"
COPY --from=payara /opt/payara /opt/payara
ENV PORT=8080
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s CMD curl -fs http://127.0.0.1:$PORT/health/ready
# A server of its own, which looks for no others; it unpacks itself to /tmp. The shell becomes Java: signals reach it.
ENTRYPOINT ["/bin/sh", "-c", "exec java -Djava.awt.headless=true -XX:MaxRAMPercentage=40 -XX:+ExitOnOutOfMemoryError -jar /opt/payara/payara-micro.jar --rootDir /tmp/payara --nocluster --nohostaware --port $PORT --contextroot / --deploy /opt/zoetrope/zoetrope.war \"$@\"", "payara"]
CMD []
