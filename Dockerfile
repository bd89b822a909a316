# Two stages: the first installs, the second holds what runs and nothing else.
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
# Where pip takes torch from, if not from its usual index; the README says what that saves.
ARG TORCH_INDEX=
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
WORKDIR /app
COPY requirements.txt ./
RUN if [ -n "$TORCH_INDEX" ]; then \
        pip install --no-deps --index-url "$TORCH_INDEX" "$(grep '^torch==' requirements.txt)"; \
    fi \
    && pip install -r requirements.txt
COPY . .
RUN pip install --no-deps --editable . && python -m compileall -q qa vectorstore web

FROM python:${PYTHON}
RUN useradd --system --uid 10001 --user-group --home-dir /data baowen \
    && install --directory --owner=baowen --group=baowen /data
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BAOWEN_HOME=/data
WORKDIR /data
USER baowen
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=2m --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["baowen"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
