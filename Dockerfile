# docker build -t moshao .
# One image, two commands: `serve` (the default) and `worker`. All that must last is in /data, or in PostgreSQL and S3.

FROM node:24-slim AS phone
WORKDIR /src/pwa
COPY pwa/package.json pwa/package-lock.json pwa/.npmrc ./
RUN npm ci
COPY pwa ./
RUN npm run build

FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements.txt requirements-build.txt ./
RUN python -m venv /opt/build && /opt/build/bin/pip install --require-hashes --only-binary :all: -r requirements-build.txt \
    && python -m venv /opt/moshao && /opt/moshao/bin/pip install --require-hashes --only-binary :all: -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY bin/wheel_contents.py bin/
COPY backend backend
COPY migrations migrations
COPY --from=phone /src/pwa/dist pwa/dist
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
    && /opt/moshao/bin/pip install --no-deps dist/*.whl \
    && /opt/moshao/bin/python -m compileall -q /opt/moshao \
    && /opt/moshao/bin/pip uninstall -y -q pip

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin moshao && install -d -o moshao -m 0750 /data
COPY --from=build /opt/moshao /opt/moshao
ENV PATH=/opt/moshao/bin:$PATH PYTHONUNBUFFERED=1 MOSHAO_DATA=/data MOSHAO_HOST=0.0.0.0
USER moshao
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["moshao"]
CMD ["serve"]
