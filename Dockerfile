# syntax=docker/dockerfile:1

# The page's libraries, by lock file. Node stays in this stage.
FROM node:22-slim AS assets
WORKDIR /assets
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts


FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /app

COPY requirements.txt ./
RUN pip install --only-binary :all: -r requirements.txt

COPY geo geo
COPY accounts accounts
COPY routing routing
COPY territories territories
COPY data data
COPY api api
COPY LICENSE NOTICE.md package-lock.json ./
COPY --from=assets /assets/node_modules node_modules
RUN python -m api.assets --copy-only && rm -r node_modules

# The database, prepared roads and compiled code live in the volume. Code is compiled at the first
# start and not here, since numba compiles for the processor that it runs on.
RUN useradd --create-home --uid 1000 territour && install -d -o territour /app/instance
USER territour
VOLUME /app/instance

ENV HOST=0.0.0.0 \
    PORT=8000
EXPOSE 8000

# The first start creates the sample and compiles; it is given time for both.
HEALTHCHECK --interval=30s --timeout=5s --start-period=600s --start-interval=5s \
    CMD python -c "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"

CMD ["python", "-m", "api"]
