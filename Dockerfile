# One image for every role: `huiying run ROLE`, `huiying db upgrade`, or everything embedded with `huiying up`.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/huiying
ENV PATH=/opt/huiying/bin:$PATH
WORKDIR /src
# Pinned packages first: they change less often than the code. setuptools comes from the lock, too.
COPY requirements-build.txt requirements.txt ./
RUN pip install --require-hashes --no-build-isolation -r requirements-build.txt \
 && pip install --require-hashes --no-build-isolation -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY config config
COPY services services
COPY producers producers
COPY consumers consumers
RUN pip install --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin huiying \
 && install -d -o huiying -g huiying -m 0750 /data
COPY --from=build /opt/huiying /opt/huiying
ENV PATH=/opt/huiying/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HUIYING_DATA_DIR=/data HUIYING_HOST=0.0.0.0 HUIYING_PORT=8600
USER huiying
WORKDIR /data
VOLUME /data
EXPOSE 8600
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8600/readyz', timeout=4)"]
ENTRYPOINT ["huiying"]
CMD ["up"]
